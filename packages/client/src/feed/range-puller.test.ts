import { parseCursor, toProblem } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { setUpClient } from '../../test/client-setup.ts';
import { insert, note } from '../../test/intents.ts';
import { bareRecords, expectedRecords } from '../../test/reference-feed.ts';
import { createVirtualTime } from '../../test/virtual-time.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { Feed, MissingRange } from './feed.ts';
import { createRangePuller } from './range-puller.ts';

/** A live client of five records, to whom more than two changes at once are told of as a range. */
async function setUp() {
  const set = setUpClient();
  const { node, client } = set;
  node.commit(Array.from({ length: 5 }, (_, i) => insert(`F-${i}`)));
  node.publish();
  client.start();
  await set.goLive();
  node.rangesAbove(2);
  const commitMany = (text: string) => {
    node.commit([0, 1, 2, 3].map((pick) => note(text, pick)));
    node.publish();
  };
  /** Lets what was sent arrive while every page is refused. */
  const deliverWithoutPages = async () => {
    node.refuse('unavailable');
    await set.run();
  };
  return { ...set, commitMany, deliverWithoutPages };
}

describe('ranges', () => {
  it('P62 are pulled at a moment of their own where the node says within how long', async () => {
    const { model, node, time, client, run, commitMany } = await setUp();
    node.spread(2_000);
    commitMany('many');
    await run();
    // The middle of the time, as all that is random here.
    time.advance(999);
    await run();
    expect(client.fetching).toBe(4);
    time.advance(1);
    await run();
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
    expect(client.fetching).toBe(0);
  });

  it('R3.5 are fetched while newer changes are live, and say how much is missing', async () => {
    const { model, node, time, client, run, commitMany, deliverWithoutPages } = await setUp();
    const before = client.cursor;
    commitMany('many');
    node.commit([note('live', 4)]);
    node.publish();
    await deliverWithoutPages();
    expect(client.connection.name).toBe('live');
    expect([client.store.get(5)?.note, client.store.get(1)?.note]).toEqual(['live', null]);
    expect([client.fetching, client.cursor]).toEqual([4, before]);
    node.refuse(null);
    time.advance(2_000);
    await run();
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
    expect([client.fetching, client.cursor]).toEqual([0, `${model.epoch}:${model.head}`]);
  });

  it('R2.1 an edit of a record of which something is missing is a conflict', async () => {
    const { node, time, client, run, commitMany, deliverWithoutPages } = await setUp();
    commitMany('not seen');
    node.commit([{ op: 'update', pick: 0, set: { assignee: 'u9' } }]);
    node.publish();
    await deliverWithoutPages();
    const shown = client.store.get(1);
    expect(shown).toMatchObject({ assignee: 'u9', note: null, version: 1 });
    const edit = client.edit([{ record: 1, baseVersion: shown?.version ?? 0, set: { note: 'over it' } }]);
    node.refuse(null);
    await run();
    expect(await edit).toMatchObject([{ outcome: 'conflict', current: { note: 'not seen', version: 3 } }]);
    time.advance(2_000);
    await run();
    expect(client.store.get(1)).toMatchObject({ assignee: 'u9', note: 'not seen', version: 3 });
  });

  it('R4.1 are asked for again with backoff, and at once when the connection is back', async () => {
    const { model, node, time, client, run, commitMany, deliverWithoutPages } = await setUp();
    commitMany('many');
    await deliverWithoutPages();
    node.refuse(null);
    // The first wait of the backoff with a jitter of a half.
    time.advance(1_249);
    await run();
    expect(client.fetching).toBe(4);
    time.advance(1);
    await run();
    expect(client.fetching).toBe(0);

    commitMany('more');
    await deliverWithoutPages();
    node.close(1006);
    node.refuse(null);
    client.reconnectNow();
    await run();
    expect(client.fetching).toBe(0);
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
  });

  it('R4.1 are asked for again when it was a proxy that refused them', async () => {
    const { node, time, client, run, commitMany } = await setUp();
    node.standInForHttp(403);
    commitMany('many');
    await run();
    expect(client.fetching).toBe(4);
    node.standInForHttp(null);
    time.advance(2_000);
    await run();
    expect(client.fetching).toBe(0);
  });

  it('R4.2 that are no longer kept lead to a snapshot', async () => {
    const { model, node, client, run, goLive, commitMany } = await setUp();
    commitMany('gone');
    model.trim(0);
    node.commit([note('live', 4)]);
    node.publish();
    await run();
    await goLive();
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
    expect(client.fetching).toBe(0);
  });

  it('R1.1 that leave the store wrong are said to the server and mended by a snapshot', async () => {
    const { model, node, client, run, goLive, commitMany } = await setUp();
    node.commit([note('proves the store')]);
    node.publish();
    await run();
    expect(client.proof.state).toBe('proved');
    node.tamperPages((frame) => ({ ...frame, changes: frame.changes.slice(1) }));
    commitMany('many');
    await run();
    expect(node.received['diverged']).toBe(1);
    await goLive();
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
    expect([client.proof, client.fetching]).toEqual([{ state: 'proved', checksum: model.headSum }, 0]);
  });

  it('R1.1 R4.2 that leave the store wrong while there is no connection lead to a snapshot on the next one', async () => {
    const { model, node, time, client, run, goLive, commitMany, deliverWithoutPages } = await setUp();
    node.commit([note('proves the store')]);
    node.publish();
    await run();
    commitMany('many');
    await deliverWithoutPages();
    node.refuse(null);
    node.blockSockets(true);
    const { snapshot = 0 } = node.requested;
    node.tamperPages((frame) => ({ ...frame, changes: frame.changes.slice(1) }));
    const fetching: number[] = [];
    client.onConnection(() => fetching.push(client.fetching));
    time.advance(1_250);
    await run();
    expect([client.fetching, fetching.at(-1)]).toEqual([0, 0]);
    const { subscribe = 0 } = node.received;
    node.blockSockets(false);
    await goLive();
    // It does not go on from where it was, and there is nothing wrong any more to be said.
    expect(node.requested['snapshot']).toBeGreaterThan(snapshot);
    expect([node.received['subscribe'], node.received['diverged']]).toEqual([subscribe + 1, undefined]);
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
  });

  it('R3.5 R4.3 are brought by a refresh too, which says each time how much is still missing', async () => {
    const { model, node, client, run, commitMany, deliverWithoutPages } = await setUp();
    commitMany('many');
    commitMany('more');
    commitMany('most');
    await deliverWithoutPages();
    node.close(1006);
    node.refuse(null);
    const fetching: number[] = [];
    client.onConnection(() => fetching.at(-1) === client.fetching || fetching.push(client.fetching));
    expect(client.fetching).toBe(12);
    await client.refresh();
    expect(fetching).toEqual([4, 0]);
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
    await run();
  });

  it('end with the client: nothing is asked for after it', async () => {
    const { time, client, run, commitMany, deliverWithoutPages } = await setUp();
    commitMany('many');
    await deliverWithoutPages();
    client.stop();
    await run();
    expect(time.timers).toBe(0);
  });
});

/** A puller alone: the test answers its questions, and says what is missing. */
function setUpAlone(missing: MissingRange) {
  const time = createVirtualTime();
  const feed = {
    missing,
    continueIn: (epoch: string) => (epoch === parseCursor(feed.missing.after).epoch ? '' : null),
  };
  const asked: { missing: MissingRange; fail: (error: SyncError) => void }[] = [];
  const tooOld: string[] = [];
  const puller = createRangePuller({
    runtime: time.runtime,
    feed: feed as unknown as Feed,
    fetchPage: (wanted) => new Promise((_, fail) => asked.push({ missing: wanted, fail })),
    onProgress: () => undefined,
    onTooOld: () => tooOld.push(feed.missing.after),
    onDiverged: () => undefined,
  });
  puller.wake();
  /** Fails what was asked last; the next try follows at once. */
  const fail = async (error: SyncError): Promise<void> => {
    asked.at(-1)?.fail(error);
    await new Promise(setImmediate);
    time.advance(60_000);
  };
  return { feed, puller, asked, tooOld, fail };
}

describe('a range of an epoch that is gone', () => {
  it.each(['cursor-unknown', 'forbidden', 'unavailable'] as const)(
    'R4.1 R4.2 does not keep that of the new one waiting when it is answered by %s',
    async (code) => {
      const before: MissingRange = { after: '0000aaaa:1-0', upto: '2-0' };
      const now: MissingRange = { after: '0000bbbb:5-0', upto: '6-0' };
      const { feed, puller, asked, tooOld } = setUpAlone(before);
      feed.missing = now;
      puller.wake();
      expect(asked.map(({ missing }) => missing)).toEqual([before]);
      asked[0]?.fail(new SyncError(code));
      await new Promise(setImmediate);
      expect(asked.map(({ missing }) => missing)).toEqual([before, now]);
      expect(tooOld).toEqual([]);
    },
  );
});

it('R4.1 R4.2 requests that reached nobody do not make a page one that the service cannot give', async () => {
  const { asked, tooOld, fail } = setUpAlone({ after: '0000aaaa:1-0', upto: '2-0' });
  const denied = () => fail(new SyncError('unavailable', { problem: toProblem('unavailable', 'en') }));
  for (let times = 0; times < 4; times++) await denied();
  for (let times = 0; times < 6; times++) await fail(new SyncError('unavailable'));
  for (let times = 0; times < 4; times++) await denied();
  expect([asked.length, tooOld]).toEqual([15, []]);
  await denied();
  expect(tooOld).toHaveLength(1);
});

it('R4.2 a page that the service says again and again it cannot give is taken from a snapshot', async () => {
  const { model, node, time, client, run, commitMany, deliverWithoutPages } = await setUp();
  commitMany('many');
  await deliverWithoutPages();
  const states: string[] = [];
  client.onConnection(({ name }) => states.push(name));
  for (let times = 0; times < 200 && !states.includes('loading'); times++) {
    time.advance(1_000);
    await run();
  }
  expect(states).toContain('loading');
  // Not because the connection went: that begins anew by itself.
  expect(states.slice(0, states.indexOf('loading'))).toEqual(['live']);
  node.refuse(null);
  for (let times = 0; times < 200 && client.connection.name !== 'live'; times++) {
    time.advance(1_000);
    await run();
  }
  expect(client.fetching).toBe(0);
  expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
});
