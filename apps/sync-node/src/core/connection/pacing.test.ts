import type { ServiceLevel } from '@meldesync/protocol';
import { expect, it, vi } from 'vitest';
import { EPOCH, loneConnection, WORKSPACE } from '../../../test/lone-connection.ts';
import { LIVE_BELOW_MS } from '../freshness.ts';

const LIVE = [`frames/0/${WORKSPACE}`, `notices/${WORKSPACE}`];

/** A connection that is live, and whose client leaves so much unread. */
async function live() {
  let unread = 0;
  const lone = loneConnection({ buffer: { send: () => true, bufferedBytes: () => unread } });
  await lone.greet();
  await lone.receive({ type: 'subscribe', cursor: `${EPOCH}:0-0` });
  return {
    ...lone,
    leave: (bytes: number) => {
      unread = bytes;
    },
    sentSince: (count: number) => lone.sent.slice(count).map((message) => message.type),
  };
}

it('R4.5 who keeps up gets changes as they come, and a ping says where the feed is', async () => {
  const { topics, receive, sent } = await live();
  expect([...topics].toSorted()).toEqual(LIVE);
  await receive({ type: 'ping', sentAt: 1 });
  expect(sent.at(-1)).toEqual({ type: 'pong', sentAt: 1, at: expect.any(Number), head: '0-0' });
});

it.each([
  [LIVE_BELOW_MS - 1, {}],
  [LIVE_BELOW_MS, { ageMs: LIVE_BELOW_MS }],
])('R4.2 P22 of a node that has heard nothing for %d ms a pong tells %j of that', async (ageMs, told) => {
  const { greet, receive, sent } = loneConnection({ watch: { freshness: { state: 'live', ageMs } } });
  await greet();
  await receive({ type: 'ping', sentAt: 1 });
  expect(sent.at(-1)).toEqual({ type: 'pong', sentAt: 1, at: expect.any(Number), ...told });
});

it('R4.5 who leaves much unread changes over to a slower tier, and is told', async () => {
  const { connection, topics, leave, sent, receive } = await live();
  leave(300 * 1024);
  connection.glance();
  expect(connection.tierMs).toBe(0);
  connection.glance();
  expect(connection.tierMs).toBe(1_000);
  expect([...topics].toSorted()).toEqual([`frames/1000/${WORKSPACE}`, `notices/${WORKSPACE}`]);
  expect(sent.at(-1)).toEqual({ type: 'tier', everyMs: 1_000 });
  await receive({ type: 'ping', sentAt: 2 });
  expect(sent.at(-1)).toEqual({ type: 'pong', sentAt: 2, at: expect.any(Number) });
});

it('P26 for whom something was dropped hears nothing more until it has read, and then that it must catch up', async () => {
  const { connection, topics, leave, drained, sent, sentSince } = await live();
  const before = sent.length;
  leave(1024 * 1024);
  const left = connection.leftUnread();
  // A second thing that was dropped changes nothing.
  await connection.leftUnread();
  expect(topics.size).toBe(0);
  expect(sentSince(before)).toEqual([]);
  leave(0);
  drained();
  await left;
  expect(sentSince(before)).toEqual(['tier', 'behind']);
  expect(connection.state).toMatchObject({ feed: 'none' });
});

/** A connection that is live, at a level and a time that a test sets. */
async function atLevel() {
  let level: ServiceLevel = 'normal';
  const lone = loneConnection({ watch: { level: () => level } });
  await lone.greet();
  const subscribe = () => lone.receive({ type: 'subscribe', cursor: `${EPOCH}:0-0` });
  await subscribe();
  return {
    ...lone,
    subscribe,
    /** What the client is told of the level within the next look. */
    become: (next: ServiceLevel) => {
      level = next;
      const before = lone.sent.length;
      lone.connection.glance();
      return lone.sent.slice(before);
    },
  };
}

it('R5.4 at the level minimal everybody gets changes one tier slower, and as they come again after', async () => {
  const { topics, receive, sent, become } = await atLevel();
  expect(become('reduced')).toEqual([]);
  expect(become('minimal')).toEqual([{ type: 'tier', everyMs: 250 }]);
  expect([...topics].toSorted()).toEqual([`frames/250/${WORKSPACE}`, `notices/${WORKSPACE}`]);
  expect(become('minimal')).toEqual([]);
  // A poor line is a tier slower still.
  for (let look = 0; look < 2; look++) await receive({ type: 'ping', sentAt: look, roundTripMs: 4_500, applyLagMs: 0 });
  expect(sent).toContainEqual({ type: 'tier', everyMs: 5_000 });
  expect(become('normal')).toEqual([]);
});

it('R5.4 a slower tier ends with the level', async () => {
  const { topics, become } = await atLevel();
  become('minimal');
  expect(become('normal')).toEqual([{ type: 'tier', everyMs: 0 }]);
  expect([...topics].toSorted()).toEqual(LIVE);
});

it('P52 R4.3 at the level manual the client gets no changes, and goes on from its cursor after it', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const { connection, topics, receive, sent, subscribe, become } = await atLevel();
  expect(become('manual')).toEqual([{ type: 'freshness', ageMs: expect.any(Number) }]);
  expect([...topics]).toEqual([`notices/${WORKSPACE}`]);
  expect(become('manual')).toEqual([]);
  await receive({ type: 'ping', sentAt: 7 });
  expect(sent.at(-1)).toEqual({ type: 'pong', sentAt: 7, at: expect.any(Number) });
  // Who asks for the feed meanwhile gets what there is, and no more.
  await subscribe();
  expect([...topics]).toEqual([`notices/${WORKSPACE}`]);
  // That the node hears again what happens is no news to who gets none of it.
  const before = sent.length;
  connection.becameLive();
  expect(sent).toHaveLength(before);

  expect(become('normal')).toEqual([{ type: 'behind' }]);
  expect(topics.size).toBe(0);
  expect(become('normal')).toEqual([]);
  await subscribe();
  expect(become('normal')).toEqual([{ type: 'freshness', ageMs: null }]);
  expect([...topics].toSorted()).toEqual(LIVE);
  expect(become('normal')).toEqual([]);
});

it('P52 clients that get the feed again come back one by one', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.99);
  const { become } = await atLevel();
  become('manual');
  expect(become('normal')).toEqual([]);
  expect(become('manual')).toEqual([]);
});
