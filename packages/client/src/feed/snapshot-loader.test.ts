import { receivedSnapshotPage, type SnapshotPage } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { bareRecords, createReferenceFeed, expectedRecords, type ReferenceFeed } from '../../test/reference-feed.ts';
import { SyncError } from '../errors/sync-error.ts';
import { createRecordStore } from '../store/record-store.ts';
import { createFeed } from './feed.ts';
import { createSnapshotLoader, type SnapshotProgress } from './snapshot-loader.ts';

type FetchPage = (model: ReferenceFeed, after: number | undefined) => Promise<SnapshotPage>;

const twoAtATime: FetchPage = (model, after) => Promise.resolve(model.page(after ?? 0, 2));

function setUp(fetchPage: FetchPage = twoAtATime) {
  const model = createReferenceFeed();
  model.commit(Array.from({ length: 5 }, (_, i) => ({ op: 'insert', caseId: `F-${i}`, art: 'G', day: 1 })));
  model.publish();
  const store = createRecordStore((error) => {
    throw error;
  });
  const feed = createFeed({ store, runtime: { now: () => 0 }, isOwn: () => false, onSnapshot: () => {} });
  const asked: (number | undefined)[] = [];
  const progress: SnapshotProgress[] = [];
  const loader = createSnapshotLoader({
    feed,
    fetchPage(after) {
      asked.push(after);
      return fetchPage(model, after);
    },
  });
  const load = (signal = new AbortController().signal) => loader.load(signal, (step) => progress.push(step));
  return { model, store, feed, asked, progress, loader, load };
}

describe('snapshot loader', () => {
  it('asks for page after page and stands at the cursor of the first', async () => {
    const { model, store, feed, asked, progress, load } = setUp((model, after) => {
      if (after !== undefined) {
        model.commit([{ op: 'update', pick: 4, set: { note: String(after) } }]);
        model.publish();
      }
      return twoAtATime(model, after);
    });
    const first = model.page(0, 2).cursor;
    await load();
    expect(asked).toEqual([undefined, 2, 4]);
    expect(progress).toEqual([2, 4, 5].map((loaded) => ({ loaded, total: 5 })));
    expect(feed.cursor).toBe(first);
    expect(bareRecords(store.values())).toEqual(expectedRecords(model));
  });

  it('goes on where it was interrupted', async () => {
    let isBroken = true;
    const { asked, feed, load } = setUp((model, after) => {
      if (after === 4 && isBroken) return Promise.reject(new SyncError('unavailable'));
      return twoAtATime(model, after);
    });
    await expect(load()).rejects.toMatchObject({ code: 'unavailable' });
    expect(feed.cursor).toBeNull();
    isBroken = false;
    await load();
    expect(asked).toEqual([undefined, 2, 4, 4]);
    expect(feed.cursor).not.toBeNull();
  });

  it('starts anew after discard', async () => {
    let isBroken = true;
    const { asked, loader, load } = setUp((model, after) =>
      after === 2 && isBroken ? Promise.reject(new SyncError('unavailable')) : twoAtATime(model, after),
    );
    await expect(load()).rejects.toBeInstanceOf(SyncError);
    isBroken = false;
    loader.discard();
    await load();
    expect(asked).toEqual([undefined, 2, undefined, 2, 4]);
  });

  it('starts anew when the epoch changes under it', async () => {
    let isRestored = false;
    const { model, store, feed, load } = setUp((model, after) => {
      if (after === 2 && !isRestored) {
        isRestored = true;
        model.backUp();
        model.restore();
      }
      return twoAtATime(model, after);
    });
    await load();
    expect(feed.continueIn(model.epoch)).not.toBeNull();
    expect(bareRecords(store.values())).toEqual(expectedRecords(model));
  });

  it('gives up when the epoch changes with every page, or a page leads nowhere', async () => {
    const restless = setUp((model, after) => {
      model.backUp();
      model.restore();
      return twoAtATime(model, after);
    });
    await expect(restless.load()).rejects.toMatchObject({ code: 'internal' });
    const circling = setUp(async (model) => ({ ...(await twoAtATime(model, 0)), next: 2 }));
    await expect(circling.load()).rejects.toMatchObject({ code: 'internal' });
    expect(circling.asked).toEqual([undefined, 2]);
  });

  it('stops when aborted, even if the page still comes', async () => {
    const controller = new AbortController();
    const { asked, store, load } = setUp((model, after) => {
      controller.abort(new Error('enough'));
      return twoAtATime(model, after);
    });
    await expect(load(controller.signal)).rejects.toThrow('enough');
    expect([asked.length, store.size]).toEqual([1, 0]);
  });
});

it('P45 a record that this version cannot read costs itself, and those that the node names are counted too', async () => {
  const { store, load } = setUp((model) => {
    const page = model.page(0, 10);
    const [first, second, ...others] = page.records;
    const records = [{ ...first, done: 'maybe' }, { ...second, version: 'new' }, 7, ...others];
    return Promise.resolve(receivedSnapshotPage.parse({ ...page, records, unreadable: [{ id: 99, version: 3 }] }));
  });
  await load();
  expect(store.size).toBe(3);
  expect([...store.unreadable.keys()]).toEqual([99, 1]);
});
