import { describe, expect, it } from 'vitest';
import { settlePromises } from '../../test/client-setup.ts';
import { createReferenceFeed } from '../../test/reference-feed.ts';
import { createVirtualTime } from '../../test/virtual-time.ts';
import { createFeed } from '../feed/feed.ts';
import { createRecordStore } from '../store/record-store.ts';
import type { CopyPart, CopyPosition } from '../types/sync-persistence.ts';
import {
  createCopyKeeper,
  MAX_EXTENSIONS,
  MIN_RECORDS_TO_RENEW,
  PART_RECORDS,
  SAVE_AFTER_MS,
  TOUCH_EVERY_MS,
  TRY_AGAIN_MS,
} from './copy-keeper.ts';

const RECORDS = 2 * PART_RECORDS + 1;

function setUp() {
  const model = createReferenceFeed();
  const time = createVirtualTime();
  const store = createRecordStore((error) => {
    throw error;
  });
  const feed = createFeed({ store, runtime: time.runtime, isOwn: () => false, onSnapshot: () => undefined });
  const saves: { kind: 'replaced' | 'extended'; position: CopyPosition; parts: readonly CopyPart[] }[] = [];
  const errors: Error[] = [];
  /** What was said of whether the copy is kept. */
  const told: string[] = [];
  const disk = { isOurs: true, isFull: false };
  const save = (kind: 'replaced' | 'extended', position: CopyPosition, parts: Iterable<CopyPart>): Promise<boolean> => {
    if (disk.isFull) return Promise.reject(Object.assign(new Error('no room'), { name: 'QuotaExceededError' }));
    if (disk.isOurs) saves.push({ kind, position, parts: [...parts] });
    return Promise.resolve(disk.isOurs);
  };
  const keeper = createCopyKeeper({
    runtime: time.runtime,
    persistence: {
      replaceCopy: (position, parts) => save('replaced', position, parts),
      extendCopy: (position, parts) => save('extended', position, parts),
    },
    store,
    feed,
    currentAt: () => time.runtime.now(),
    onKept: (kept) => told.push(kept),
    report: (error) => errors.push(error),
  });
  store.subscribe((changes) => keeper.applied(changes));
  model.commit(
    Array.from({ length: RECORDS }, () => ({ op: 'insert' as const, caseId: null, art: 'G' as const, day: 1 })),
  );
  model.publish();
  const takeSnapshot = (): void => {
    const { cursor, records } = model.page(0, RECORDS);
    const snapshot = feed.openSnapshot();
    snapshot.addPage(records);
    snapshot.finish(cursor);
  };
  const change = (count = 1): void => {
    const { cursor } = feed;
    model.commit(Array.from({ length: count }, (_, pick) => ({ op: 'update' as const, pick, set: { done: true } })));
    model.publish();
    const frames = model.after(cursor ?? '');
    if (typeof frames !== 'string') feed.receive(frames);
  };
  const pass = async (ms = SAVE_AFTER_MS): Promise<void> => {
    time.advance(ms);
    await settlePromises();
  };
  return { time, feed, keeper, saves, errors, told, disk, takeSnapshot, change, pass };
}

const sizes = (parts: readonly CopyPart[]): number[] => parts.map(({ records }) => records.length);

describe('the keeper of the copy', () => {
  it('writes everything once, in parts, and then what changed, together', async () => {
    const { saves, takeSnapshot, change, pass, feed } = setUp();
    takeSnapshot();
    await pass();
    expect([saves[0]?.kind, sizes(saves[0]?.parts ?? [])]).toEqual(['replaced', [PART_RECORDS, PART_RECORDS, 1]]);
    change();
    await pass(SAVE_AFTER_MS - 1);
    change(2);
    expect(saves).toHaveLength(1);
    await pass(1);
    expect([saves[1]?.kind, sizes(saves[1]?.parts ?? []), saves[1]?.position.cursor]).toEqual([
      'extended',
      [2],
      feed.cursor,
    ]);
    change(PART_RECORDS + 1);
    await pass();
    expect(sizes(saves[2]?.parts ?? [])).toEqual([PART_RECORDS, 1]);
  });

  it('writes everything anew after a snapshot, and when the copy has grown', async () => {
    const { saves, takeSnapshot, change, pass, feed } = setUp();
    takeSnapshot();
    await pass();
    feed.reset('too-old');
    change();
    takeSnapshot();
    await pass();
    expect(saves.map(({ kind }) => kind)).toEqual(['replaced', 'replaced']);
    for (let written = 0; written < MIN_RECORDS_TO_RENEW; written += RECORDS) {
      change(RECORDS);
      await pass();
    }
    change();
    await pass();
    expect(saves.at(-1)?.kind).toBe('replaced');
    expect(saves.filter(({ kind }) => kind === 'replaced')).toHaveLength(3);
  });

  it('writes a copy anew that was loaded in too many pieces', async () => {
    const { keeper, saves, takeSnapshot, change, pass } = setUp();
    takeSnapshot();
    keeper.loaded(Math.ceil(RECORDS / PART_RECORDS) + MAX_EXTENSIONS);
    change();
    await pass();
    expect(saves.map(({ kind }) => kind)).toEqual(['replaced']);
  });

  it('says now and then that the copy is still current', async () => {
    const { keeper, saves, takeSnapshot, pass, time } = setUp();
    takeSnapshot();
    await pass();
    keeper.current();
    await pass(TOUCH_EVERY_MS);
    expect(saves.at(-1)).toMatchObject({ kind: 'extended', parts: [], position: { currentAt: time.runtime.now() } });
  });

  it('stops when another page owns the copy', async () => {
    const { saves, errors, disk, takeSnapshot, change, pass, time } = setUp();
    takeSnapshot();
    await pass();
    disk.isOurs = false;
    change();
    await pass();
    disk.isOurs = true;
    change();
    await pass();
    expect([saves.length, errors.length, time.timers]).toEqual([1, 0, 0]);
  });

  it('says that there is no room, looks once a minute whether there is, and writes everything then', async () => {
    const { saves, errors, told, disk, takeSnapshot, change, pass } = setUp();
    takeSnapshot();
    await pass();
    disk.isFull = true;
    change();
    await pass();
    await pass(TRY_AGAIN_MS);
    expect([saves.length, errors.length, told]).toEqual([1, 1, ['kept', 'full', 'full']]);
    disk.isFull = false;
    change();
    await pass();
    expect(saves).toHaveLength(1);
    await pass(TRY_AGAIN_MS);
    expect([saves.at(-1)?.kind, told.at(-1)]).toEqual(['replaced', 'kept']);
  });

  it('saves what it has when it is closed, and nothing after', async () => {
    const { keeper, saves, takeSnapshot, change, pass, time } = setUp();
    takeSnapshot();
    keeper.close();
    expect(saves).toHaveLength(1);
    change();
    await pass();
    expect([saves.length, time.timers]).toEqual([1, 0]);
  });
});
