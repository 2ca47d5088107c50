import { describe, expect, it } from 'vitest';
import { LocksByTest, liveLock } from '../../../test/fake-locks.ts';
import { blockingLock, lockToShow } from './lock-to-show.ts';

describe('the lock to show for a case (R1.4)', () => {
  const colleague = liveLock({ records: [1] });
  const elsewhere = liveLock({ lock: 'lock-2', user: 'anna', records: [2] });
  const here = liveLock({ lock: 'lock-3', user: 'anna', own: true, records: [3] });
  const client = new LocksByTest();
  client.show(colleague, elsewhere, here);

  it.each([
    { name: 'a colleague has one half', records: [1], shown: colleague, blocks: true },
    { name: 'a colleague comes before the own other window', records: [2, 1], shown: colleague, blocks: true },
    { name: 'the own other window is shown and blocks nothing', records: [2], shown: elsewhere, blocks: false },
    { name: 'this very window needs no notice', records: [3], shown: null, blocks: false },
    { name: 'nobody has it', records: [4], shown: null, blocks: false },
  ])('$name', ({ records, shown, blocks }) => {
    expect(lockToShow(client.locks, records, 'anna')).toBe(shown);
    expect(blockingLock(client.locks, records, 'anna') !== null).toBe(blocks);
  });
});
