import type { LockService } from './lock-service.ts';

/** The lock service of a place where no locks are to be had, as while Redis is away: editing goes on by the version alone. */
export const NO_LOCKS: LockService = {
  acquire: () => Promise.resolve({ outcome: 'unavailable' }),
  keepAlive: () => Promise.resolve('unavailable'),
  orphan: () => Promise.resolve(),
  resume: () => Promise.resolve('unavailable'),
  release: () => Promise.resolve(false),
  takeAway: () => Promise.resolve(undefined),
  read: () => Promise.resolve([]),
};
