import { CLOSE_CODES, drainReason } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { settlePromises, setUpClient } from '../test/client-setup.ts';
import { insert, note } from '../test/intents.ts';
import { bareRecords, expectedRecords } from '../test/reference-feed.ts';
import { createTestEnvironment } from '../test/test-environment.ts';
import { SILENCE_LIMIT_MS } from './connection/heartbeat.ts';
import { MANUAL_AFTER_MS } from './connection/machine.ts';
import { PENDING_LIMIT } from './edits/pending-edits.ts';

type SetUp = ReturnType<typeof setUpClient>;

async function setUpLive(): Promise<SetUp & { environment: ReturnType<typeof createTestEnvironment> }> {
  const environment = createTestEnvironment();
  const set = setUpClient(() => 0.5, { environment });
  set.node.commit([insert('F-1'), insert('F-2')]);
  set.node.publish();
  set.client.start();
  await set.goLive();
  return { ...set, environment };
}

/** Lets no socket through until the client says so. */
async function goManual({ node, time, client, run }: SetUp): Promise<void> {
  node.blockSockets(true);
  for (let i = 0; i < 200 && client.connection.name !== 'manual'; i++) {
    time.advance(1000);
    await run();
  }
  expect(client.connection.name).toBe('manual');
}

function submitNote(client: SetUp['client'], record: number, text: string) {
  const seen = client.optimistic.get(record);
  if (!seen) throw new Error('The record must be there.');
  return client.optimistic.submit([{ seen, set: { note: text } }]);
}

describe('a client without a live connection', () => {
  it('R4.3 goes to manual after a minute of failing, keeps trying, and is live by itself once it can', async () => {
    const set = await setUpLive();
    const { node, time, client, model } = set;
    const lostAt = time.runtime.now();
    const names: string[] = [];
    client.onConnection(({ name }) => names.at(-1) === name || names.push(name));
    await goManual(set);
    expect(time.runtime.now() - lostAt).toBeGreaterThanOrEqual(MANUAL_AFTER_MS);
    expect(client.connection).toMatchObject({ name: 'manual', since: lostAt });
    node.commit([note('meanwhile')]);
    node.publish();
    node.blockSockets(false);
    await set.goLive();
    expect(names).toEqual(['reconnecting', 'manual', 'live']);
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
  });

  it('R4.3 refreshes by what was missed, page by page, and by a snapshot where that is not kept', async () => {
    const set = await setUpLive();
    const { node, client, model, time } = set;
    await goManual(set);
    for (let i = 0; i < 8; i++) node.commit([note(`${i}`)]);
    node.publish();
    const { snapshot = 0 } = node.requested;
    await client.refresh();
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
    expect([node.requested['frames'], node.requested['snapshot']]).toEqual([3, snapshot]);
    expect(client.currentAt).toBe(time.runtime.now());

    node.commit([note('trimmed')]);
    node.commit([note('and kept')]);
    node.publish();
    model.trim(1);
    await client.refresh();
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
    expect(node.requested['snapshot']).toBe(snapshot + 1);

    model.backUp();
    node.commit([note('undone by the restore')]);
    node.publish();
    await client.refresh();
    node.restore();
    await client.refresh();
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
    expect(client.connection.name).toBe('manual');
  });

  it('R4.3 sends edits over HTTP, once each and in their order, though an answer is lost, and shows what became of them', async () => {
    const set = await setUpLive();
    const { node, client, time, run, model } = set;
    await goManual(set);
    node.loseNextHttpAnswer();
    const first = submitNote(client, 1, 'first');
    const second = submitNote(client, 1, 'second');
    node.commit([{ op: 'update', pick: 1, set: { done: true } }]);
    const third = submitNote(client, 2, 'too late');
    for (let i = 0; i < 20 && client.pendingEdits > 0; i++) {
      node.publish();
      time.advance(1000);
      await run();
    }
    expect([await first, await second].flat().map(({ outcome }) => outcome)).toMatchObject([
      { outcome: 'accepted', version: 2 },
      { outcome: 'accepted', version: 3 },
    ]);
    expect((await third)[0]?.outcome.outcome).toBe('conflict');
    expect([...node.carriedOut.values()]).toEqual([1, 1, 1]);
    expect(node.received['edit']).toBeUndefined();
    expect(client.store.get(1)?.note).toBe('second');
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
    expect(client.connection.name).toBe('manual');
    client.stop();
    await settlePromises();
    expect(time.timers).toBe(0);
  });

  it('R4.3 hands edits over to the WebSocket when it is back, whatever is on its way', async () => {
    const set = await setUpLive();
    const { node, client, run } = set;
    await goManual(set);
    node.blockHttp(true);
    const edit = submitNote(client, 1, 'waits');
    await run();
    expect(client.pendingEdits).toBe(1);
    node.blockSockets(false);
    await set.goLive();
    node.publish();
    await run();
    expect((await edit)[0]?.outcome.outcome).toBe('accepted');
    expect([...node.carriedOut.values()]).toEqual([1]);
  });

  it.each(['unauthenticated', 'signed-in-as-another'] as const)(
    'asks to sign in when the API says %s, and keeps the edit',
    async (code) => {
      const set = await setUpLive();
      const { node, client, run } = set;
      await goManual(set);
      node.refuse(code);
      const edit = submitNote(client, 1, 'kept');
      await run();
      expect(client.connection.name).toBe('needs-sign-in');
      expect(client.pendingEdits).toBe(1);
      node.refuse(null);
      node.blockSockets(false);
      client.reconnectNow();
      await set.goLive();
      node.publish();
      await run();
      expect((await edit)[0]?.outcome.outcome).toBe('accepted');
    },
  );

  it('R4.1 tries nothing while there is no network, and at once when there is', async () => {
    const { node, client, time, run, goLive, environment } = await setUpLive();
    environment.set({ isOnline: false });
    // The connection still works: the environment alone does not end it.
    await run();
    expect(client.connection.name).toBe('live');
    node.deaf(true);
    environment.set({ isOnline: false, isVisible: true });
    time.advance(SILENCE_LIMIT_MS);
    expect(client.connection).toMatchObject({ name: 'offline' });
    const { hello } = node.received;
    const edit = submitNote(client, 1, 'offline');
    time.advance(600_000);
    await run();
    expect([node.received['hello'], client.connection.name, client.pendingEdits]).toEqual([hello, 'offline', 1]);
    node.deaf(false);
    environment.set({ isOnline: true });
    expect(node.lines).toBe(1);
    await goLive();
    node.publish();
    await run();
    expect((await edit)[0]?.outcome.outcome).toBe('accepted');
  });

  it('R4.1 finds a connection dead that a sleep or a hidden page has cost, soon after somebody looks', async () => {
    const { node, client, time, environment } = await setUpLive();
    node.deaf(true);
    environment.set({ isVisible: false });
    time.advance(SILENCE_LIMIT_MS + 1);
    expect(client.connection.name).toBe('live');
    environment.set({ isVisible: true });
    time.advance(SILENCE_LIMIT_MS);
    expect(client.connection.name).toBe('reconnecting');
  });

  it('R4.1 comes back when a node that stops has said so, without a word but reconnecting', async () => {
    const { node, client, time, run, goLive } = await setUpLive();
    const names: string[] = [];
    client.onConnection(({ name }) => names.at(-1) === name || names.push(name));
    node.close(CLOSE_CODES.draining, drainReason(150));
    expect(client.connection).toMatchObject({ attempt: 0, retryAt: time.runtime.now() + 150 });
    time.advance(149);
    expect(node.lines).toBe(0);
    time.advance(1);
    expect(node.lines).toBe(1);
    await run();
    await goLive();
    expect(names).toEqual(['reconnecting', 'live']);
  });

  it('R2.3 is back in time for its lock', async () => {
    const { node, client, time, run } = await setUpLive();
    const wanted = client.lock([1]);
    await run();
    const answer = await wanted;
    expect(answer.outcome).toBe('granted');
    node.blockSockets(true);
    const lostAt = time.runtime.now();
    let tries = 0;
    while (time.runtime.now() - lostAt < 9_000) {
      time.advance(250);
      if (node.lines > 0) tries += 1;
      await run();
    }
    expect(tries).toBeGreaterThanOrEqual(6);
  });

  it('R4.4 keeps so many edits and says when it is too many', async () => {
    const { node, client } = await setUpLive();
    node.close(1006);
    const waiting = Array.from({ length: PENDING_LIMIT }, (_, i) => submitNote(client, 1, `${i}`));
    const outcomes = Promise.allSettled(waiting);
    await expect(submitNote(client, 1, 'one too many')).rejects.toMatchObject({ code: 'too-many-unsent' });
    expect(client.optimistic.get(1)?.note).toBe(`${PENDING_LIMIT - 1}`);
    client.stop();
    await outcomes;
  });
});
