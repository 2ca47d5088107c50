import { expect, it } from 'vitest';
import { EPOCH, loneConnection, WORKSPACE } from '../../../test/lone-connection.ts';

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
