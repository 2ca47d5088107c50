import { LOCK_TTL_MS } from '@meldesync/protocol';
import { eventually, startTestRedis, type TestRedis } from '@meldesync/testkit';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectLocks, type LockClaim, type LockEvent, type LockService, lockEvent } from '../src/index.ts';

const WORKSPACE = '6f1c0a7e-58a4-4d0e-9a53-0c1f6a2b7d10';

function claim(user: string, records: number[], connection = `connection of ${user}`): LockClaim {
  return { workspace: WORKSPACE, records, user, instance: `window-of-${user}`, connection };
}

async function take(service: LockService, wanted: LockClaim) {
  const answer = await service.acquire(wanted);
  if (answer.outcome !== 'granted') throw new Error(`the lock was not granted: ${answer.outcome}`);
  const { endsInMs: _, ...lock } = answer.lock;
  return lock;
}

const ended = (end: { readonly lock: string; readonly reason: string; readonly by?: string }): unknown => ({
  ...end,
  kind: 'lock-ended',
  at: expect.stringMatching(/^\d{16}$/) as string,
});

describe('record locks in one Redis', () => {
  let redis: TestRedis;
  let service: LockService & Disposable;
  let other: LockService & Disposable;
  let listener: Redis;
  let heard: LockEvent[] = [];
  const connect = () =>
    connectLocks({
      onUnreadable: () => undefined,
      redisUrl: redis.url,
      masterUrls: [],
      prefix: 'test',
      channel: (workspace) => `test:{${workspace}}:state`,
      onConnectionError: () => undefined,
    });

  beforeAll(async () => {
    redis = await startTestRedis();
    service = connect();
    other = connect();
    listener = new Redis(redis.url);
    await listener.subscribe(`test:{${WORKSPACE}}:state`);
    listener.on('message', (_, message) => heard.push(lockEvent.parse(JSON.parse(message))));
    await eventually(async () => expect(await service.read(WORKSPACE)).toEqual([]));
    await eventually(async () => expect(await other.read(WORKSPACE)).toEqual([]));
  });
  beforeEach(async () => {
    await redis.command('FLUSHALL');
    heard = [];
  });
  afterAll(async () => {
    listener.disconnect();
    service[Symbol.dispose]();
    other[Symbol.dispose]();
    await redis[Symbol.asyncDispose]();
  });

  it('R1.4 grants all records or none, and names who is in the way', async () => {
    const lock = await take(service, claim('anna', [1, 2]));
    const answer = await other.acquire(claim('ben', [2, 3]));
    expect(answer).toMatchObject({ outcome: 'held', locks: [{ lock: lock.lock, user: 'anna', records: [1, 2] }] });
    // Record 3 stayed free.
    await take(other, claim('ben', [3]));
  });

  it('of many who ask at once one gets it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? service : other).acquire(claim(`person-${i}`, [7, 8]))),
    );
    expect(answers.filter(({ outcome }) => outcome === 'granted')).toHaveLength(1);
    expect(answers.filter(({ outcome }) => outcome === 'held')).toHaveLength(39);
  });

  it('R2.3 ends by itself when its holder is not heard of', async () => {
    const { lock } = await take(service, claim('anna', [1]));
    expect(await other.read(WORKSPACE)).toMatchObject([{ lock, endsInMs: expect.closeTo(LOCK_TTL_MS, -3) as number }]);
    const ttl = Number(await redis.command('PTTL', `test:{${WORKSPACE}}:lock:1`));
    expect(ttl).toBeGreaterThan(LOCK_TTL_MS - 3_000);
    expect(ttl).toBeLessThanOrEqual(LOCK_TTL_MS);
  });

  it('lives on while its holder is heard of', async () => {
    const lock = await take(service, claim('anna', [1, 2]));
    await redis.command('PEXPIRE', `test:{${WORKSPACE}}:lock:1`, 2_000);
    expect(await service.keepAlive(WORKSPACE, lock)).toEqual(lock);
    expect(Number(await redis.command('PTTL', `test:{${WORKSPACE}}:lock:1`))).toBeGreaterThan(10_000);
  });

  it('is free for others as soon as it is given back', async () => {
    const lock = await take(service, claim('anna', [1, 2]));
    await service.release(WORKSPACE, lock);
    await take(other, claim('ben', [1]));
    await take(other, claim('carl', [2]));
    await eventually(() =>
      expect(heard.map(({ kind }) => kind)).toEqual(['lock-set', 'lock-ended', 'lock-set', 'lock-set']),
    );
  });

  it('R2.3 goes to the next connection of the same client, and to no other client', async () => {
    const lock = await take(service, claim('anna', [1]));
    await service.orphan(WORKSPACE, lock);
    expect(await other.read(WORKSPACE)).toMatchObject([{ orphaned: true }]);
    expect(await other.resume(WORKSPACE, { ...lock, instance: 'another-window' }, 'new')).toBe('lost');
    expect(await other.resume(WORKSPACE, { ...lock, user: 'ben' }, 'new')).toBe('lost');
    const resumed = await other.resume(WORKSPACE, lock, 'new');
    expect(resumed).toMatchObject({ lock: lock.lock, connection: 'new', orphaned: false });
    // The old connection has no say any more.
    expect(await service.keepAlive(WORKSPACE, lock)).toBe('lost');
    await service.orphan(WORKSPACE, lock);
    expect(await other.read(WORKSPACE)).toMatchObject([{ connection: 'new', orphaned: false }]);
  });

  it('R1.4 R2.3 stays with the connection that resumed it when the one before gives it back, or goes, only now', async () => {
    const lock = await take(service, claim('anna', [1]));
    await other.resume(WORKSPACE, lock, 'new');
    await service.orphan(WORKSPACE, lock);
    await service.release(WORKSPACE, lock);
    expect(await other.acquire(claim('ben', [1]))).toMatchObject({ outcome: 'held', locks: [{ connection: 'new' }] });
    expect(heard.map(({ kind }) => kind)).not.toContain('lock-ended');
  });

  it('R2.3 that is over is not there again because its connection goes', async () => {
    const lock = await take(service, claim('anna', [1]));
    await other.takeAway(WORKSPACE, lock.lock, 'user:admin');
    await service.orphan(WORKSPACE, lock);
    expect(await other.read(WORKSPACE)).toEqual([]);
  });

  it('R1.4 takes nothing over for a question that nobody waits for any more', async () => {
    const lock = await take(service, claim('anna', [1]));
    const answer = await other.acquire({ ...claim('anna', [1, 2]), connection: 'gone', isWanted: () => false });
    expect(answer).toEqual({ outcome: 'unavailable' });
    expect(await other.read(WORKSPACE)).toMatchObject([{ lock: lock.lock }]);
    expect((await other.acquire(claim('ben', [2]))).outcome).toBe('granted');
  });

  it('moves with its person to another window', async () => {
    const first = await take(service, claim('anna', [1]));
    const second = await take(other, { ...claim('anna', [1, 2]), instance: 'second-window', connection: 'second' });
    expect(second.lock).not.toBe(first.lock);
    await eventually(() =>
      expect(heard).toContainEqual(ended({ lock: first.lock, reason: 'taken-over', by: 'user:anna' })),
    );
    expect(await service.keepAlive(WORKSPACE, first)).toBe('lost');
    expect(await service.read(WORKSPACE)).toMatchObject([{ lock: second.lock }]);
  });

  it('stays where its person has it, for a question that keeps what is theirs', async () => {
    const first = await take(service, claim('anna', [1]));
    const elsewhere = { ...claim('anna', [1, 2]), instance: 'second-window', connection: 'second', keepsOwn: true };
    expect(await other.acquire(elsewhere)).toMatchObject({ outcome: 'held', locks: [{ lock: first.lock }] });
    expect(await service.read(WORKSPACE)).toMatchObject([{ lock: first.lock }]);
    // The same client, back with another connection, is no other.
    const back = { ...claim('anna', [1, 2]), connection: 'back', keepsOwn: true };
    expect(await other.acquire(back)).toMatchObject({ outcome: 'granted', lock: { records: [1, 2] } });
    await service.takeAway(WORKSPACE, (await service.read(WORKSPACE))[0]?.lock ?? '', 'user:admin');
    expect((await other.acquire(elsewhere)).outcome).toBe('granted');
  });

  it('can be taken away, which its holder hears', async () => {
    const lock = await take(service, claim('anna', [1]));
    expect(await other.takeAway(WORKSPACE, lock.lock, 'user:admin')).toEqual(
      expect.objectContaining({ lock: lock.lock }),
    );
    expect(await other.takeAway(WORKSPACE, lock.lock, 'user:admin')).toBeUndefined();
    await eventually(() =>
      expect(heard.at(-1)).toEqual(ended({ lock: lock.lock, reason: 'taken-away', by: 'user:admin' })),
    );
    await take(other, claim('ben', [1]));
  });

  it('is taken again by its holder after Redis lost everything, unless someone was quicker', async () => {
    const anna = await take(service, claim('anna', [1]));
    const ben = await take(service, claim('ben', [2]));
    await redis.command('FLUSHALL');
    const carl = await take(other, claim('carl', [2]));
    const kept = await service.keepAlive(WORKSPACE, anna);
    expect(kept).toMatchObject({ lock: anna.lock });
    expect(await service.keepAlive(WORKSPACE, ben)).toBe('lost');
    expect((await other.read(WORKSPACE)).map(({ lock }) => lock).toSorted()).toEqual([anna.lock, carl.lock].toSorted());
    expect((await other.acquire(claim('dora', [1]))).outcome).toBe('held');
  });

  it('a lock nobody took back does not stand in the way once its time is over', async () => {
    const lock = await take(service, claim('anna', [1]));
    await redis.command('DEL', `test:{${WORKSPACE}}:lock:1`);
    const next = await take(other, claim('ben', [1]));
    await eventually(() => expect(heard).toContainEqual(ended({ lock: lock.lock, reason: 'expired' })));
    expect(await other.read(WORKSPACE)).toMatchObject([{ lock: next.lock }]);
  });
});

describe('record locks granted by three masters', () => {
  it('stand while most of them are there, and no failure of the others escapes', async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', onUnhandled);
    await using directory = await startTestRedis();
    await using a = await startTestRedis();
    await using b = await startTestRedis();
    await using c = await startTestRedis();
    using service = connectLocks({
      onUnreadable: () => undefined,
      redisUrl: directory.url,
      masterUrls: [a.url, b.url, c.url],
      prefix: 'test',
      channel: (workspace) => `test:{${workspace}}:state`,
      onConnectionError: () => undefined,
    });
    await eventually(async () => expect((await service.acquire(claim('warm-up', [99]))).outcome).toBe('granted'));
    const lock = await take(service, claim('anna', [1]));

    await c.kill();
    expect(await service.keepAlive(WORKSPACE, lock)).toEqual(lock);
    expect((await service.acquire(claim('ben', [1]))).outcome).toBe('held');
    await take(service, claim('ben', [2]));

    await b.kill();
    expect(await service.keepAlive(WORKSPACE, lock)).toBe('unavailable');
    expect((await service.acquire(claim('carl', [3]))).outcome).toBe('unavailable');

    await b.start();
    await eventually(async () => expect((await service.acquire(claim('carl', [3]))).outcome).toBe('granted'));
    process.off('unhandledRejection', onUnhandled);
    expect(unhandled).toEqual([]);
  });
});
