import { SyncError } from '@meldesync/client';
import { describe, expect, it } from 'vitest';
import { grantedLock, LocksByTest, liveLock, settled } from '../../../test/fake-locks.ts';
import { openEditLock } from './edit-lock.ts';

function open() {
  const client = new LocksByTest();
  const lock = openEditLock(client, [1, 2], 'anna');
  const grant = async () => {
    const held = grantedLock([1, 2]);
    client.asked.at(-1)?.answer({ outcome: 'granted', lock: held });
    await settled();
    return held;
  };
  return { client, lock, grant };
}

describe('the lock of an editor (R1.4)', () => {
  it('is asked for at once, held when granted, and given back', async () => {
    const { client, lock, grant } = open();
    expect(client.asked).toMatchObject([{ records: [1, 2] }]);
    expect(lock.getSnapshot()).toEqual({ kind: 'asking' });
    const held = await grant();
    expect(lock.getSnapshot()).toEqual({ kind: 'held' });
    lock.close();
    expect(held.isReleased()).toBe(true);
    expect(client.listenerCount).toBe(0);
  });

  it('is given back when it is granted only after the editor was closed', async () => {
    const { lock, grant } = open();
    lock.close();
    const held = await grant();
    expect(held.isReleased()).toBe(true);
  });

  it('says who has it, and asks again when they let go', async () => {
    const { client, lock, grant } = open();
    const by = liveLock({ records: [1] });
    client.asked[0]?.answer({ outcome: 'held', locks: [by] });
    await settled();
    expect(lock.getSnapshot()).toEqual({ kind: 'refused', by });
    client.show(by);
    expect(client.asked).toHaveLength(1);
    client.show();
    await grant();
    expect(client.asked).toHaveLength(2);
    expect(lock.getSnapshot()).toEqual({ kind: 'held' });
  });

  it('P29 says that the person has too many, and asks again when one of them may be gone', async () => {
    const { client, lock, grant } = open();
    client.asked[0]?.fail(new SyncError('too-many-locks'));
    await settled();
    expect(lock.getSnapshot()).toEqual({ kind: 'too-many' });
    client.show();
    await grant();
    expect(lock.getSnapshot()).toEqual({ kind: 'held' });
  });

  it('works without a lock, and asks again once there is a connection', async () => {
    const { client, lock } = open();
    client.connect({ name: 'reconnecting', attempt: 1, retryAt: 0, since: 0 });
    client.asked[0]?.fail();
    await settled();
    expect(lock.getSnapshot()).toEqual({ kind: 'unavailable' });
    client.connect({ name: 'reconnecting', attempt: 2, retryAt: 0, since: 0 });
    expect(client.asked).toHaveLength(1);
    client.connect({ name: 'live', roundTripMs: null });
    expect(client.asked).toHaveLength(2);
  });

  it('tells that it was taken away, and does not take it back', async () => {
    const { client, lock, grant } = open();
    const held = await grant();
    held.lose({ reason: 'taken-away', by: 'user:cem' });
    expect(lock.getSnapshot()).toEqual({ kind: 'lost', end: { lock: 'mine', reason: 'taken-away', by: 'user:cem' } });
    client.show();
    expect(client.asked).toHaveLength(1);
  });

  it('asks again for one that ran out, unless a colleague has it by now', async () => {
    const { client, lock, grant } = open();
    const held = await grant();
    client.show(liveLock({ records: [2] }));
    held.lose({ reason: 'expired' });
    expect(lock.getSnapshot()).toMatchObject({ kind: 'lost', end: { reason: 'expired' } });
    expect(client.asked).toHaveLength(1);
    client.show();
    expect(client.asked).toHaveLength(2);
  });
});
