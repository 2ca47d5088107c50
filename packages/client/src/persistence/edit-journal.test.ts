import { describe, expect, it } from 'vitest';
import { settlePromises } from '../../test/client-setup.ts';
import { createMemoryDisk } from '../../test/memory-persistence.ts';
import { createVirtualTime } from '../../test/virtual-time.ts';
import type { EditBase, SyncPersistence } from '../types/sync-persistence.ts';
import { createEditJournal } from './edit-journal.ts';

/** The first wait of the backoff with a jitter of a half. */
const FIRST_RETRY_MS = 1_250;
const broken = new Error('quota exceeded');

/** A journal on a disk that ends each write when it is told to. */
function setUp() {
  const time = createVirtualTime();
  const disk = createMemoryDisk();
  const mounted = disk.mount();
  const reports: Error[] = [];
  /** What was said of whether edits are kept. */
  const told: string[] = [];
  const writes: { readonly succeed: () => Promise<void>; readonly fail: (error?: Error) => Promise<void> }[] = [];
  const saveEdits: SyncPersistence['saveEdits'] = (changes) =>
    new Promise((resolve, reject) => {
      writes.push({
        async succeed() {
          await mounted.saveEdits(changes);
          resolve();
          await settlePromises();
        },
        async fail(error = broken) {
          reject(error);
          await settlePromises();
        },
      });
    });
  const journal = createEditJournal({
    runtime: time.runtime,
    persistence: { saveEdits },
    onKept: (kept) => told.push(kept),
    report: (error) => reports.push(error),
  });
  const keep = (operation: string, bases: readonly EditBase[] | null = null): void =>
    journal.keep({ operation, intents: [], bases });
  const kept = (): unknown[] => [...disk.edits.values()].map(({ operation, bases }) => [operation, bases]);
  /** The write that is under way. */
  const write = () => {
    const last = writes.at(-1);
    if (!last) throw new Error('There must be a write.');
    return last;
  };
  return { time, disk, journal, keep, kept, reports, told, writes, write };
}

describe('edit journal', () => {
  it('writes again what could not be written, with backoff, and what came behind it', async () => {
    const { time, keep, kept, reports, writes, write } = setUp();
    keep('one');
    time.advance(0);
    keep('two');
    time.advance(0);
    await write().fail();
    time.advance(FIRST_RETRY_MS - 1);
    expect(writes.length).toBe(1);
    time.advance(1);
    await write().fail();
    time.advance(2_250);
    await write().succeed();
    expect([writes.length, kept()]).toEqual([
      3,
      [
        ['two', null],
        ['one', null],
      ],
    ]);
    expect(reports.map(({ cause }) => cause)).toEqual([broken]);
    expect(time.timers).toBe(0);
  });

  it('says whether what is decided is kept, and that there is no room', async () => {
    const { time, keep, told, write } = setUp();
    keep('one');
    time.advance(0);
    await write().fail(broken);
    time.advance(FIRST_RETRY_MS);
    await write().fail(Object.assign(new Error('no room'), { name: 'QuotaExceededError' }));
    time.advance(FIRST_RETRY_MS * 2);
    await write().succeed();
    expect(told).toEqual(['failed', 'full', 'kept']);
  });

  it('writes everything that is not struck anew once it is gone', async () => {
    const { time, disk, journal, keep, kept, write } = setUp();
    for (const operation of ['one', 'two']) keep(operation);
    time.advance(0);
    await write().succeed();
    journal.strike('one');
    time.advance(0);
    await write().succeed();
    disk.edits.clear();
    journal.renew();
    time.advance(0);
    await write().succeed();
    expect(kept()).toEqual([['two', null]]);
  });

  it('puts what was decided since over what could not be written', async () => {
    const { time, journal, keep, kept, write } = setUp();
    const bases = [{ from: 1, to: 1 }];
    for (const operation of ['struck', 'sent']) keep(operation);
    journal.strike('kept again');
    time.advance(0);
    journal.strike('struck');
    keep('sent', bases);
    keep('kept again');
    await write().fail();
    time.advance(FIRST_RETRY_MS);
    await write().succeed();
    expect(kept()).toEqual([
      ['sent', bases],
      ['kept again', null],
    ]);
  });

  it('writes nothing any more once it is discarded, whatever becomes of the write under way', async () => {
    for (const end of ['succeed', 'fail'] as const) {
      const { time, journal, keep, reports, writes, write } = setUp();
      keep('one');
      time.advance(0);
      keep('two');
      time.advance(0);
      keep('three');
      journal.discard();
      await write()[end]();
      time.advance(60_000);
      await settlePromises();
      expect([writes.length, reports.length, time.timers]).toEqual([1, 0, 0]);
    }
  });

  it('writes once more what was decided before it was closed, and then leaves nothing behind', async () => {
    const { time, journal, keep, kept, writes, write } = setUp();
    keep('one');
    time.advance(0);
    keep('two');
    journal.close();
    keep('after the end');
    await write().fail();
    await write().succeed();
    expect([kept().length, time.timers]).toEqual([2, 0]);

    const failing = setUp();
    failing.keep('one');
    failing.time.advance(0);
    await failing.write().fail();
    failing.journal.close();
    await failing.write().fail();
    expect([writes.length, failing.writes.length, failing.time.timers]).toEqual([2, 2, 0]);
  });
});
