import { type EndedLock, LOCK_RESUME_MS } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { setUpClient } from '../../test/client-setup.ts';
import { createVirtualTime } from '../../test/virtual-time.ts';
import { PING_EVERY_MS } from '../connection/heartbeat.ts';
import { createMessageBudget } from '../edits/message-budget.ts';
import type { HeldLock, LockAnswer } from '../types/locks.ts';
import { createLocks } from './locks.ts';
import { LOCK_ANSWER_LIMIT_MS } from './requests.ts';

/** The lock that a test grants. */
const GRANTED = '0190c2d4-7a52-7d2f-9d8e-3f6a1c9b2e11';
const OTHER = { user: 'b', instance: 'instance-of-b' };

async function setUp() {
  const setup = setUpClient();
  setup.client.start();
  await setup.goLive();
  await setup.run();
  const lock = async (...records: number[]): Promise<LockAnswer> => {
    const answer = setup.client.lock(records);
    await setup.run();
    return answer;
  };
  const take = async (...records: number[]): Promise<HeldLock & { readonly ends: EndedLock[] }> => {
    const answer = await lock(...records);
    if (answer.outcome !== 'granted') throw new Error('The lock must be granted.');
    const ends: EndedLock[] = [];
    answer.lock.onLost((end) => ends.push(end));
    return { ...answer.lock, ends };
  };
  const stored = (): string[] => Array.from(setup.client.locks.values(), ({ lock }) => lock);
  return { ...setup, lock, take, stored };
}

interface SentMessage {
  readonly type: string;
  readonly request: string;
  readonly records?: readonly number[];
}

/** Locks without a client: the test answers what they send. */
function setUpAlone() {
  const time = createVirtualTime();
  const sent: SentMessage[] = [];
  const locks = createLocks({
    runtime: time.runtime,
    instance: 'instance-of-a',
    budget: createMessageBudget(time.runtime),
    report(error) {
      throw error;
    },
    onHolding: () => undefined,
  });
  locks.online((message) => sent.push(JSON.parse(message) as SentMessage));
  const lastSent = (): SentMessage => {
    const last = sent.at(-1);
    if (!last) throw new Error('Nothing was sent.');
    return last;
  };
  const grant = (request: string, records: number[]) => {
    const lock = { lock: GRANTED, records, user: 'a', instance: 'instance-of-a', since: '2026', endsInMs: null };
    locks.answer({ type: 'lock-granted', request, lock });
    return lock;
  };
  const take = async (records: number[]) => {
    const asked = locks.lock(records);
    const lock = grant(lastSent().request, records);
    const answer = await asked;
    if (answer.outcome !== 'granted') throw new Error('The lock must be granted.');
    return { lock, held: answer.lock };
  };
  return { time, locks, sent, lastSent, grant, take };
}

describe('locks of a sync client', () => {
  it('R1.4 are granted, seen in the store and given back', async () => {
    const { node, client, run, take, stored } = await setUp();
    const held = await take(2, 1, 2);
    expect(held.records).toEqual([1, 2]);
    expect(client.locks.get(2)).toMatchObject({ own: true, user: 'a', instance: client.instance, endsAt: null });
    const released = held.release();
    await run();
    await released;
    await held.release();
    expect([node.locks.all, stored(), held.ends]).toEqual([[], [], []]);
    expect(node.received['unlock']).toBe(1);
  });

  it('R1.4 of someone else are named and nothing is locked', async () => {
    const { node, client, run, lock } = await setUp();
    node.locks.take(OTHER, [2]);
    await run();
    const answer = await lock(1, 2);
    expect(answer).toMatchObject({ outcome: 'held', locks: [{ user: 'b', records: [2], own: false }] });
    expect(client.locks.get(1)).toBeUndefined();
    expect(client.locks.get(2)?.since).toBe(Date.UTC(2026, 0, 1));
  });

  it('R2.3 vanish by themselves when their time is over', async () => {
    const { node, time, client, run } = await setUp();
    node.locks.take(OTHER, [2]);
    node.locks.orphan(OTHER.instance);
    await run();
    let calls = 0;
    client.locks.subscribe(() => calls++);
    const stayConnected = async (ms: number): Promise<void> => {
      for (let left = ms; left > 0; left -= 1_000) {
        time.advance(Math.min(left, 1_000));
        await run();
      }
    };
    expect(client.locks.get(2)?.endsAt).toBe(time.runtime.now() + 10_000);
    await stayConnected(9_999);
    expect([client.locks.get(2)?.user, calls]).toEqual(['b', 0]);
    time.advance(1);
    expect([client.locks.get(2), calls]).toEqual([undefined, 1]);
  });

  it('are unknown while there is no connection and known again after it', async () => {
    const { node, client, run, goLive } = await setUp();
    node.locks.take(OTHER, [2]);
    await run();
    let calls = 0;
    client.locks.subscribe(() => calls++);
    node.close(1006);
    expect([client.locks.get(2), calls]).toEqual([undefined, 1]);
    await goLive();
    await run();
    expect(client.locks.get(2)?.user).toBe('b');
  });

  it('R2.3 survive a short loss of the connection', async () => {
    const { node, client, run, goLive, take } = await setUp();
    const held = await take(1);
    node.close(1006);
    await goLive();
    await run();
    expect([client.locks.get(1)?.lock, held.ends]).toEqual([held.lock, []]);
    const released = held.release();
    await run();
    await released;
    expect(node.locks.all).toEqual([]);
  });

  it('R2.3 are lost when the server let them go meanwhile, once', async () => {
    const { node, run, goLive, take } = await setUp();
    const held = await take(1);
    node.close(1006);
    node.locks.expireOrphans();
    expect(held.ends).toEqual([]);
    await goLive();
    await run();
    const end = { lock: held.lock, reason: 'expired' };
    expect(held.ends).toEqual([end]);
    const late: EndedLock[] = [];
    held.onLost((lost) => late.push(lost));
    expect(late).toEqual([end]);
    await held.release();
    expect(node.received['unlock']).toBeUndefined();
  });

  it('R2.3 are given up without a connection when the server need not keep them any longer', async () => {
    const { node, time, client, goLive, run, take } = await setUp();
    const held = await take(1);
    // A ping is answered: what the node has not heard since then it may have closed upon.
    time.advance(PING_EVERY_MS);
    await run();
    time.advance(PING_EVERY_MS - 1);
    node.close(4401);
    expect(client.connection.name).toBe('needs-sign-in');
    time.advance(LOCK_RESUME_MS - PING_EVERY_MS);
    expect(held.ends).toEqual([]);
    time.advance(1);
    expect(held.ends).toEqual([{ lock: held.lock, reason: 'expired' }]);
    // Should the server list it after all: nobody relies on it any more.
    expect(node.locks.all).toHaveLength(1);
    client.reconnectNow();
    await goLive();
    await run();
    expect(node.locks.all).toEqual([]);
  });

  it('P30 go with a list of all locks that lacks them, also when they were granted just before it', async () => {
    const { locks, take } = setUpAlone();
    const { lock, held } = await take([1]);
    const ends: EndedLock[] = [];
    held.onLost((end) => ends.push(end));
    const list = (set: (typeof lock)[]): void => locks.receive({ type: 'locks', full: true, set, ended: [] });
    list([lock]);
    expect(ends).toEqual([]);
    list([]);
    expect(ends).toEqual([{ lock: lock.lock, reason: 'expired' }]);
  });

  it('R1.4 P30 are lost from the beginning when their end was told before the answer that grants them', async () => {
    const { locks, grant, lastSent } = setUpAlone();
    const asked = locks.lock([1]);
    const { request } = lastSent();
    locks.receive({
      type: 'locks',
      full: false,
      set: [],
      ended: [{ lock: GRANTED, reason: 'taken-over', by: 'user:a' }],
    });
    grant(request, [1]);
    const ends: EndedLock[] = [];
    const answer = await asked;
    if (answer.outcome === 'granted') answer.lock.onLost((end) => ends.push(end));
    const end: EndedLock = { lock: GRANTED, reason: 'taken-over', by: 'user:a' };
    expect([ends, [...locks.store.values()]]).toEqual([[end], []]);
    // The node tells it once more, after the grant.
    locks.receive({ type: 'locks', full: false, set: [], ended: [end] });
    expect(ends).toEqual([end]);
  });

  it('R1.4 are not shared while there is no connection, for nobody knows whether they are still held', async () => {
    const { locks, take, sent } = setUpAlone();
    const { held } = await take([1]);
    locks.offline();
    await expect(locks.lock([1])).rejects.toMatchObject({ code: 'unavailable' });
    locks.online((message) => sent.push(JSON.parse(message) as SentMessage));
    await expect(locks.lock([1])).resolves.toMatchObject({ outcome: 'granted', lock: { lock: held.lock } });
  });

  it('R1.4 are not asked for while one of the same records is on its way out', async () => {
    const { time, locks, take, sent, lastSent } = setUpAlone();
    const { held } = await take([1, 2]);
    const released = held.release();
    const { request } = lastSent();
    const again = locks.lock([2, 3]);
    const shared = locks.lock([3]);
    const elsewhere = locks.lock([4]);
    expect(sent.map(({ type, records }) => [type, records])).toEqual([
      ['lock', [1, 2]],
      ['unlock', undefined],
      ['lock', [4]],
    ]);
    locks.answer({ type: 'unlocked', request });
    await released;
    expect(lastSent()).toMatchObject({ type: 'lock', records: [2, 3] });
    locks.answer({ type: 'lock-held', request: lastSent().request, locks: [] });
    expect(await Promise.all([again, shared])).toEqual([
      { outcome: 'held', locks: [] },
      { outcome: 'held', locks: [] },
    ]);
    time.advance(LOCK_ANSWER_LIMIT_MS);
    await expect(elsewhere).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('reject when the one before does not end in 5 s, or the connection does, and are not asked for after that', async () => {
    const { time, locks, take, sent, lastSent } = setUpAlone();
    const { held } = await take([1]);
    const released = held.release();
    const late = locks.lock([1]);
    time.advance(LOCK_ANSWER_LIMIT_MS);
    await expect(late).rejects.toMatchObject({ code: 'unavailable' });
    // The lock is asked again to end.
    time.advance(LOCK_ANSWER_LIMIT_MS);
    expect(lastSent().type).toBe('unlock');
    const cut = locks.lock([1]);
    locks.offline();
    await released;
    await expect(cut).rejects.toMatchObject({ code: 'unavailable' });
    expect(sent.map(({ type }) => type)).toEqual(['lock', 'unlock', 'unlock']);
    expect(time.timers).toBe(0);
  });

  it('that an admin takes away say by whom', async () => {
    const { node, run, take } = await setUp();
    const held = await take(1);
    node.locks.end(held.lock, 'taken-away', 'user:c');
    await run();
    expect(held.ends).toEqual([{ lock: held.lock, reason: 'taken-away', by: 'user:c' }]);
  });

  it('are shared by callers who want the same records, and end with the last of them', async () => {
    const { node, client, run } = await setUp();
    const asked = [client.lock([1, 2]), client.lock([2, 1]), client.lock([1])];
    await run();
    const answers = await Promise.all(asked);
    const held = answers.flatMap((answer) => (answer.outcome === 'granted' ? [answer.lock] : []));
    expect(new Set(held.map(({ lock }) => lock)).size).toBe(1);
    expect(node.received['lock']).toBe(1);
    await held[0]?.release();
    await held[1]?.release();
    expect(node.locks.all).toHaveLength(1);
    const last = held[2]?.release();
    await run();
    await last;
    expect(node.locks.all).toEqual([]);
  });

  it('that reach further replace the one held before', async () => {
    const { node, client, take } = await setUp();
    const held = await take(1);
    const wider = await take(1, 2);
    expect(held.ends).toEqual([{ lock: held.lock, reason: 'taken-over' }]);
    expect([client.locks.get(1)?.lock, wider.ends, node.locks.all.length]).toEqual([wider.lock, [], 1]);
  });

  it('reject without an answer in 5 s, and one that is granted too late is given back', async () => {
    const { node, time, client, run } = await setUp();
    const asked = client.lock([1]);
    time.advance(LOCK_ANSWER_LIMIT_MS);
    await expect(asked).rejects.toMatchObject({ code: 'unavailable' });
    await run();
    expect(node.locks.all).toEqual([]);
    expect(client.connection.name).toBe('live');
  });

  it('whose answer was lost are given back when the server lists them', async () => {
    const { node, client, run, goLive } = await setUp();
    const asked = client.lock([1]);
    node.loseAnswers();
    node.close(1006);
    await expect(asked).rejects.toMatchObject({ code: 'unavailable' });
    expect(node.locks.all).toHaveLength(1);
    await goLive();
    await run();
    expect(node.locks.all).toEqual([]);
  });

  it('are asked to end until they do', async () => {
    const { node, time, run, take } = await setUp();
    const held = await take(1);
    node.refuseLocks('locks-unavailable');
    let isGone = false;
    const release = async (): Promise<void> => {
      await held.release();
      isGone = true;
    };
    const released = release();
    await run();
    expect([isGone, node.received['unlock'], node.locks.all.length]).toEqual([false, 1, 1]);
    node.refuseLocks(null);
    time.advance(LOCK_ANSWER_LIMIT_MS);
    await run();
    await released;
    expect([node.received['unlock'], node.locks.all]).toEqual([2, []]);
  });

  it('reject with what the server says, without a connection, and when they are none', async () => {
    const { node, client, run } = await setUp();
    node.refuseLocks('locks-unavailable');
    const asked = client.lock([1]);
    await run();
    await expect(asked).rejects.toMatchObject({ code: 'locks-unavailable', retryable: true });
    await expect(client.lock([])).rejects.toMatchObject({ code: 'invalid-field' });
    node.close(1006);
    await expect(client.lock([1])).rejects.toMatchObject({ code: 'unavailable' });
    await expect(client.endLock('x')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('ignore answers that nobody waits for', async () => {
    const { node, client, errors } = await setUp();
    node.send('{"type":"unlocked","request":"operation-99"}');
    node.send('{"type":"lock-held","request":"operation-99","locks":[]}');
    node.send('{"type":"error","code":"forbidden","request":"operation-99"}');
    expect([client.connection.name, errors]).toEqual(['live', []]);
  });

  it('can be ended by their id, with the holder told', async () => {
    const { node, client, run, take } = await setUp();
    const held = await take(1);
    const ended = client.endLock(held.lock);
    await run();
    await ended;
    expect(held.ends).toEqual([{ lock: held.lock, reason: 'released' }]);
    const others = node.locks.take(OTHER, [2]);
    const refused = client.endLock('lock' in others ? others.lock : '');
    await Promise.all([expect(refused).rejects.toMatchObject({ code: 'forbidden' }), run()]);
  });

  it('R2.3 a client that holds one notices within 6 s that its connection is dead', async () => {
    const { time, client, run, take } = await setUp();
    const held = await take(1);
    time.advance(6_000);
    expect(client.connection.name).toBe('reconnecting');
    await held.release();
    await run();
  });

  it('are given back at once when the client is stopped, and lost when it is refused', async () => {
    const stopped = await setUp();
    const held = await stopped.take(1);
    stopped.client.stop();
    expect([stopped.node.locks.all, held.ends]).toEqual([[], [{ lock: held.lock, reason: 'released' }]]);
    expect(stopped.time.timers).toBe(0);
    const refused = await setUp();
    const other = await refused.take(1);
    refused.node.close(4403);
    expect(refused.client.connection.name).toBe('refused');
    expect(other.ends).toEqual([{ lock: other.lock, reason: 'expired' }]);
    expect(refused.time.timers).toBe(0);
  });
});
