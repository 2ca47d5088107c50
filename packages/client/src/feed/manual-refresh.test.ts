import type { FramesPage } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { framesAfter, setUpFeed, takeSnapshot } from '../../test/feed-setup.ts';
import { insert, note } from '../../test/intents.ts';
import { bareRecords, expectedRecords } from '../../test/reference-feed.ts';
import { createVirtualTime } from '../../test/virtual-time.ts';
import { SyncError } from '../errors/sync-error.ts';
import { createManualRefresh } from './manual-refresh.ts';

/** A store that has missed a change, and a refresh; `meanwhile` happens while its first page is on its way. */
function setUp(meanwhile: (set: ReturnType<typeof setUpFeed>) => void, hasSnapshot = true) {
  const set = setUpFeed();
  const { model, feed, store } = set;
  model.commit([insert('F-1')]);
  model.publish();
  takeSnapshot(feed, model);
  model.backUp();
  model.commit([note('missed')]);
  model.publish();
  let pages = 0;
  let snapshots = 0;
  let isCurrent = false;
  let isLost = false;
  let ends = 0;
  const refresh = createManualRefresh({
    runtime: createVirtualTime().runtime,
    feed,
    fetchFrames(after): Promise<FramesPage> {
      pages += 1;
      const frames = model.after(after);
      const page = { frames: [...framesAfter(feed, model)], next: null, head: model.head };
      if (pages === 1) meanwhile(set);
      return typeof frames === 'string' ? Promise.reject(new SyncError('cursor-unknown')) : Promise.resolve(page);
    },
    loader: {
      discard: () => undefined,
      load() {
        snapshots += 1;
        if (!hasSnapshot) return Promise.reject(new SyncError('unavailable'));
        takeSnapshot(feed, model);
        return Promise.resolve();
      },
    },
    onFetching: () => undefined,
    onLost() {
      isLost = true;
    },
    onEnd() {
      ends += 1;
    },
    onCurrent() {
      // Whoever says so must be right.
      expect(bareRecords(store.values())).toEqual(expectedRecords(model));
      isCurrent = true;
    },
  });
  return { ...set, refresh, asked: () => ({ pages, snapshots, isCurrent, isLost }), ends: () => ends };
}

describe('a refresh by hand', () => {
  it('R4.3 brings what was missed', async () => {
    const { refresh, asked } = setUp(() => undefined);
    await refresh.refresh();
    expect(asked()).toEqual({ pages: 1, snapshots: 0, isCurrent: true, isLost: false });
  });

  it.each(['unknown', 'too-old'] as const)(
    'R4.3 takes a snapshot when the feed is reset while its page is on its way: %s',
    async (reason) => {
      const { refresh, asked } = setUp(({ feed }) => feed.reset(reason));
      await refresh.refresh();
      expect(asked()).toEqual({ pages: 1, snapshots: 1, isCurrent: true, isLost: false });
    },
  );

  it('R4.2 says that the feed is lost when it was reset and no snapshot is to be had: whoever follows it takes one', async () => {
    const { refresh, asked, ends } = setUp(({ feed }) => feed.reset('too-old'), false);
    await expect(refresh.refresh()).rejects.toThrow(SyncError);
    expect(ends()).toBe(1);
    expect(asked()).toEqual({ pages: 1, snapshots: 1, isCurrent: false, isLost: true });
  });

  it('tells of nothing once it is stopped', async () => {
    const { refresh, asked, ends } = setUp(({ feed }) => {
      feed.reset('too-old');
      queueMicrotask(() => refresh.stop());
    }, false);
    await expect(refresh.refresh()).rejects.toThrow(SyncError);
    expect([asked().isLost, ends()]).toEqual([false, 0]);
  });

  it('R4.3 asks again when the feed has gone on in another epoch meanwhile', async () => {
    const { refresh, asked, model } = setUp(({ feed, model }) => {
      model.restore();
      takeSnapshot(feed, model);
      model.commit([note('in the new epoch')]);
      model.publish();
    });
    await refresh.refresh();
    expect(asked()).toEqual({ pages: 2, snapshots: 0, isCurrent: true, isLost: false });
    expect(model.records.get(1)?.note).toBe('in the new epoch');
  });
});
