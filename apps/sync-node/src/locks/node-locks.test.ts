import { NOWHERE } from '@meldesync/db';
import { type LivingLock, type LockEvent, type LockService, NO_LOCKS } from '@meldesync/locks';
import { LOCK_TTL_MS, type Locks } from '@meldesync/protocol';
import { expect, it, vi } from 'vitest';
import { logger, WORKSPACE } from '../../test/lone-connection.ts';
import { UNRECORDED } from '../audit/trail.ts';
import { systemRuntime } from '../runtime.ts';
import { NodeLocks } from './node-locks.ts';

const HOLDER = {
  workspace: WORKSPACE,
  user: 'anna',
  instance: 'window-of-anna',
  connection: 'connection-1',
  origin: NOWHERE,
};

const LOCK: LivingLock = {
  lock: '6f1c0a7e-58a4-4d0e-9a53-0c1f6a2b7d10',
  token: 'secret',
  records: [1],
  user: HOLDER.user,
  instance: HOLDER.instance,
  connection: HOLDER.connection,
  since: Date.UTC(2026, 0, 1),
  orphaned: false,
  endsInMs: LOCK_TTL_MS,
};

/** A node's locks above a service of which the test says what it does, and what the clients are told. */
async function setUp(service: (locks: () => NodeLocks) => Partial<LockService>, runtime = systemRuntime) {
  const told: string[] = [];
  const ended: string[] = [];
  const locks: NodeLocks = new NodeLocks({
    service: { ...NO_LOCKS, ...service(() => locks) },
    runtime,
    logger,
    onLockEnded: (reason) => ended.push(reason),
    trail: UNRECORDED,
    recordWith: (_, act) => act(),
    publish(_, message) {
      for (const { lock, reason } of (JSON.parse(message) as Locks).ended) told.push(`${lock} ${reason}`);
    },
  });
  await locks.open(WORKSPACE);
  return { locks, told, ended };
}

const wrote = ({ endsInMs, ...lock }: LivingLock): LockEvent => ({ kind: 'lock-set', lock, endsInMs });
const tookOver: LockEvent = { kind: 'lock-ended', lock: LOCK.lock, reason: 'taken-over', by: 'user:anna' };

it('R1.4 a lock that was taken over before its grant was heard is not kept, and its client hears of the end after the grant', async () => {
  const keepAlive = vi.fn(NO_LOCKS.keepAlive);
  const { locks, told } = await setUp((self) => ({
    keepAlive,
    async acquire() {
      self().receive(WORKSPACE, wrote(LOCK));
      self().receive(WORKSPACE, tookOver);
      await new Promise(setImmediate);
      return { outcome: 'granted', lock: LOCK };
    },
  }));
  const answer = await locks.acquire(HOLDER, [1]);
  const toldBefore = [...told];
  expect([answer.outcome, locks.held]).toEqual(['granted', 0]);
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(toldBefore.length));
  expect(told.at(-1)).toBe(`${LOCK.lock} taken-over`);
  locks.heard(HOLDER.connection);
  expect(keepAlive).not.toHaveBeenCalled();
});

it('R1.4 P30 the list of all locks names one that was just granted, though its news is on its way, until it has ended', async () => {
  const { locks } = await setUp(() => ({ acquire: () => Promise.resolve({ outcome: 'granted', lock: LOCK }) }));
  const listed = (connection: string) =>
    (JSON.parse(locks.current(WORKSPACE, connection)) as Locks).set.map(({ lock }) => lock);
  await locks.acquire(HOLDER, [1]);
  expect([listed(HOLDER.connection), listed('connection-2')]).toEqual([[LOCK.lock], []]);
  locks.receive(WORKSPACE, wrote(LOCK));
  expect([listed(HOLDER.connection), listed('connection-2')]).toEqual([[LOCK.lock], [LOCK.lock]]);
  locks.receive(WORKSPACE, tookOver);
  expect([listed(HOLDER.connection), listed('connection-2')]).toEqual([[], []]);
});

it('R2.3 a lock that was resumed and ended before the answer is not kept', async () => {
  const { locks } = await setUp((self) => ({
    read: () => Promise.resolve([{ ...LOCK, orphaned: true }]),
    resume(_, lock, connection) {
      self().receive(WORKSPACE, tookOver);
      return Promise.resolve({ ...lock, connection });
    },
  }));
  await locks.resume({ ...HOLDER, connection: 'connection-2' });
  expect(locks.held).toBe(0);
});

it('R2.3 news from before a lock was resumed do not take it from the connection that has it now', async () => {
  const { locks } = await setUp(() => ({
    read: () => Promise.resolve([{ ...LOCK, orphaned: true }]),
    resume: (_, lock, connection) => Promise.resolve({ ...lock, connection, orphaned: false }),
  }));
  await locks.resume({ ...HOLDER, connection: 'connection-2' });
  expect(locks.held).toBe(1);
  locks.receive(WORKSPACE, wrote({ ...LOCK, orphaned: true }));
  expect(locks.held).toBe(1);
  locks.receive(WORKSPACE, wrote({ ...LOCK, connection: 'connection-3' }));
  expect(locks.held).toBe(0);
});

it('R1.4 news from before the locks were read end none that was taken since', async () => {
  const earlier = {
    ...LOCK,
    lock: '0b3e6c1e-1111-4d0e-9a53-0c1f6a2b7d10',
    user: 'ben',
    instance: 'window-of-ben',
    writtenAt: '1000',
  };
  const now = { ...LOCK, writtenAt: '3000' };
  const release = vi.fn(NO_LOCKS.release);
  let answer: (found: LivingLock[]) => void = () => undefined;
  const read = vi.fn<LockService['read']>(() => Promise.resolve([]));
  const { locks, told } = await setUp(() => ({
    read,
    release,
    acquire: () => Promise.resolve({ outcome: 'granted', lock: now }),
  }));
  await locks.acquire(HOLDER, [1]);
  read.mockImplementationOnce(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  const reloaded = locks.reload();
  // One is heard before Redis answers, the others a while after that.
  locks.receive(WORKSPACE, wrote(earlier));
  answer([now]);
  await reloaded;
  locks.receive(WORKSPACE, wrote({ ...earlier, orphaned: true, writtenAt: '1500' }));
  locks.receive(WORKSPACE, { kind: 'lock-ended', lock: LOCK.lock, reason: 'expired', at: '2000' });
  locks.receive(WORKSPACE, wrote(now));
  await new Promise(setImmediate);
  expect([locks.held, told, release.mock.calls]).toEqual([1, [], []]);
  locks.receive(WORKSPACE, { kind: 'lock-ended', lock: LOCK.lock, reason: 'released', at: '4000' });
  await new Promise(setImmediate);
  expect([locks.held, told]).toEqual([0, [`${LOCK.lock} released`]]);
});

it('R1.4 the client hears of the end of its lock though the news of its grant was never heard', async () => {
  const { locks, told, ended } = await setUp(() => ({
    acquire: () => Promise.resolve({ outcome: 'granted', lock: LOCK }),
  }));
  await locks.acquire(HOLDER, [1]);
  locks.receive(WORKSPACE, tookOver);
  await new Promise(setImmediate);
  expect([locks.held, told, ended]).toEqual([0, [`${LOCK.lock} taken-over`], ['taken-over']]);
});

it('R5.4 counts the end of a lock of its clients once, whoever ends it, and none of those of other nodes', async () => {
  const { locks, ended } = await setUp(() => ({
    acquire: () => Promise.resolve({ outcome: 'granted', lock: LOCK }),
    read: () => Promise.resolve([LOCK]),
  }));
  const over = (reason: 'released' | 'expired'): LockEvent => ({ kind: 'lock-ended', lock: LOCK.lock, reason });
  await locks.acquire(HOLDER, [1]);
  locks.closed(HOLDER.connection, true);
  locks.receive(WORKSPACE, over('released'));
  expect(ended.splice(0)).toEqual(['released']);
  // Its client may come back, and does not.
  await locks.acquire(HOLDER, [1]);
  locks.closed(HOLDER.connection, false);
  locks.receive(WORKSPACE, wrote({ ...LOCK, orphaned: true }));
  expect(ended).toEqual([]);
  locks.receive(WORKSPACE, over('expired'));
  expect(ended.splice(0)).toEqual(['expired']);
  // It comes back, elsewhere.
  await locks.acquire(HOLDER, [1]);
  locks.closed(HOLDER.connection, false);
  locks.receive(WORKSPACE, wrote({ ...LOCK, connection: 'connection-2' }));
  locks.receive(WORKSPACE, over('released'));
  expect(ended).toEqual([]);
  await locks.acquire(HOLDER, [1]);
  await locks.end({ workspace: WORKSPACE, user: HOLDER.user, isAdmin: false, origin: NOWHERE }, LOCK.lock);
  locks.receive(WORKSPACE, over('released'));
  expect(ended).toEqual(['released']);
});

it('R1.4 the client hears that its lock could not be kept alive', async () => {
  vi.useFakeTimers();
  try {
    const { locks, told, ended } = await setUp(() => ({
      acquire: () => Promise.resolve({ outcome: 'granted', lock: LOCK }),
      keepAlive: () => Promise.resolve('lost'),
    }));
    await locks.acquire(HOLDER, [1]);
    await vi.advanceTimersByTimeAsync(3_000);
    locks.heard(HOLDER.connection);
    await vi.advanceTimersByTimeAsync(1);
    expect([locks.held, told, ended]).toEqual([0, [`${LOCK.lock} expired`], ['lost']]);
  } finally {
    vi.useRealTimers();
  }
});

it('R1.4 the client hears so also where the locks were just being read, as they were before', async () => {
  vi.useFakeTimers();
  try {
    let answer: (found: LivingLock[]) => void = () => undefined;
    const read = vi.fn<LockService['read']>(() => Promise.resolve([]));
    const { locks, told } = await setUp(() => ({
      read,
      acquire: () => Promise.resolve({ outcome: 'granted', lock: LOCK }),
      keepAlive: () => Promise.resolve('lost'),
    }));
    await locks.acquire(HOLDER, [1]);
    read.mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    await vi.advanceTimersByTimeAsync(3_000);
    locks.heard(HOLDER.connection);
    const reloaded = locks.reload();
    await vi.advanceTimersByTimeAsync(1);
    answer([LOCK]);
    await reloaded;
    await vi.advanceTimersByTimeAsync(1);
    expect([locks.held, told]).toEqual([0, [`${LOCK.lock} expired`]]);
  } finally {
    vi.useRealTimers();
  }
});

it('R2.3 a lock that Redis forgot is not told as over while a heartbeat may bring it back', async () => {
  let isForgotten = false;
  let renew: () => void = () => undefined;
  const keepAlive = vi.fn<LockService['keepAlive']>(
    () =>
      new Promise((resolve) => {
        renew = () => {
          isForgotten = false;
          resolve(LOCK);
        };
      }),
  );
  const runtime = { ...systemRuntime, monotonicMs: () => systemRuntime.monotonicMs() + (isForgotten ? 10_000 : 0) };
  const { locks, told } = await setUp(
    () => ({
      read: () => Promise.resolve(isForgotten ? [] : [LOCK]),
      acquire: () => Promise.resolve({ outcome: 'granted', lock: LOCK }),
      keepAlive,
    }),
    runtime,
  );
  await locks.acquire(HOLDER, [1]);
  isForgotten = true;
  locks.heard(HOLDER.connection);
  const reloaded = locks.reload();
  await vi.waitFor(() => expect(keepAlive).toHaveBeenCalledOnce());
  await new Promise(setImmediate);
  expect(told).toEqual([]);
  renew();
  await reloaded;
  await new Promise(setImmediate);
  expect([locks.held, told]).toEqual([1, []]);
});

it('R2.3 while the locks are read no heartbeat brings back what Redis forgot', async () => {
  const keepAlive = vi.fn<LockService['keepAlive']>((_, lock) => Promise.resolve(lock));
  let now = 0;
  let answer: (found: LivingLock[]) => void = () => undefined;
  const read = vi.fn<LockService['read']>(() => Promise.resolve([LOCK]));
  const { locks, told } = await setUp(
    () => ({ read, keepAlive, acquire: () => Promise.resolve({ outcome: 'granted', lock: LOCK }) }),
    { ...systemRuntime, monotonicMs: () => now },
  );
  await locks.acquire(HOLDER, [1]);
  now += 5_000;
  read.mockImplementationOnce(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  const reloaded = locks.reload();
  locks.heard(HOLDER.connection);
  answer([]);
  await reloaded;
  await vi.waitFor(() => expect(told).toEqual([`${LOCK.lock} expired`]));
  locks.heard(HOLDER.connection);
  expect([keepAlive.mock.calls, locks.held]).toEqual([[], 0]);
});

it('R1.4 what was granted or resumed and ended before the answer keeps nobody out', async () => {
  const release = vi.fn(NO_LOCKS.release);
  const { locks } = await setUp((self) => ({
    release,
    read: () => Promise.resolve([{ ...LOCK, orphaned: true }]),
    acquire() {
      self().receive(WORKSPACE, tookOver);
      return Promise.resolve({ outcome: 'granted', lock: LOCK });
    },
    resume(_, lock, connection) {
      self().receive(WORKSPACE, tookOver);
      return Promise.resolve({ ...lock, connection });
    },
  }));
  await locks.resume({ ...HOLDER, connection: 'connection-2' });
  await locks.acquire(HOLDER, [1]);
  await vi.waitFor(() =>
    expect(release.mock.calls.map(([, { connection }]) => connection)).toEqual(['connection-2', HOLDER.connection]),
  );
});
