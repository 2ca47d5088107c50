import { expect, it } from 'vitest';
import type { LockDirectory } from './lock-directory.ts';
import { createLockService, type LockClaim } from './lock-service.ts';
import type { Mutex } from './mutex.ts';
import type { LivingLock, StoredLock } from './stored-lock.ts';

const ANNA: LockClaim = {
  workspace: '6f1c0a7e-58a4-4d0e-9a53-0c1f6a2b7d10',
  records: [1],
  user: 'anna',
  instance: 'window-of-anna',
  connection: 'connection-1',
};

/** The service over a mutex and a directory in memory, and what is done to them, in order. */
function setUp() {
  const done: string[] = [];
  const taken = new Set<string>();
  const locks = new Map<string, LivingLock>();
  const mutex: Mutex = {
    acquire(names) {
      if (names.some((name) => taken.has(name))) return Promise.resolve('held');
      for (const name of names) taken.add(name);
      return Promise.resolve({ token: 'token' });
    },
    extend: () => Promise.resolve('extended'),
    clearForeign: () => Promise.resolve(0),
    release(names) {
      done.push('freed');
      for (const name of names) taken.delete(name);
      return Promise.resolve();
    },
  };
  const directory: LockDirectory = {
    write(_mode, _workspace, lock: StoredLock, endsInMs) {
      locks.set(lock.lock, { ...lock, endsInMs });
      return Promise.resolve('written');
    },
    end(_workspace, id, { reason }) {
      const lock = locks.get(id);
      if (locks.delete(id)) done.push(reason);
      return Promise.resolve(lock);
    },
    read: () => Promise.resolve([...locks.values()]),
  };
  return { service: createLockService({ mutex, directory, onUnreadable: () => undefined }), done };
}

it('R1.4 all are told of the end of a lock before anybody else can have its records', async () => {
  const { service, done } = setUp();
  await service.acquire(ANNA);
  const second = await service.acquire({ ...ANNA, connection: 'connection-2' });
  expect(done).toEqual(['taken-over', 'freed']);
  if (second.outcome !== 'granted') throw new Error(`the lock was not granted: ${second.outcome}`);
  await service.release(ANNA.workspace, second.lock);
  await service.acquire(ANNA);
  const [third] = await service.read(ANNA.workspace);
  await service.takeAway(ANNA.workspace, third?.lock ?? '', 'user:admin');
  expect(done.slice(2)).toEqual(['released', 'freed', 'taken-away', 'freed']);
});
