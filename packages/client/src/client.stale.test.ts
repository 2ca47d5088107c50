import { CLOSE_CODES, drainReason } from '@meldesync/protocol';
import { expect, it } from 'vitest';
import { setUpClient } from '../test/client-setup.ts';
import { insert } from '../test/intents.ts';

async function setUpLive() {
  const set = setUpClient();
  set.node.commit([insert('F-1')]);
  set.node.publish();
  set.client.start();
  await set.goLive();
  return set;
}

it('P49 R4.3 says how old its state is while its node hears nothing, and is live again when told', async () => {
  const { node, client, time, run } = await setUpLive();
  const names: string[] = [];
  client.onConnection(({ name }) => names.at(-1) === name || names.push(name));
  node.send(JSON.stringify({ type: 'freshness', ageMs: 7_000 }));
  await run();
  const since = time.runtime.now() - 7_000;
  expect(client.connection).toMatchObject({ name: 'manual', isConnected: true, since });
  const { currentAt } = client;
  for (let second = 0; second < 30; second++) {
    time.advance(1_000);
    await run();
  }
  // Answers to pings make nothing current.
  expect(client.currentAt).toBe(currentAt);
  expect(client.connection).toMatchObject({ name: 'manual', since });
  node.send(JSON.stringify({ type: 'freshness', ageMs: null }));
  await run();
  expect(names).toEqual(['manual', 'live']);
});

it('P49 R4.3 an edit is saved over the connection, and shown though nothing comes back', async () => {
  const { node, client, time, run } = await setUpLive();
  node.send(JSON.stringify({ type: 'freshness', ageMs: 7_000 }));
  await run();
  const seen = client.optimistic.get(1);
  if (!seen) throw new Error('The record must be there.');
  const saved = client.optimistic.submit([{ seen, set: { note: 'mine' } }]);
  for (let second = 0; second < 10; second++) {
    time.advance(1_000);
    await run();
    node.publish();
  }
  expect((await saved)[0]?.outcome).toMatchObject({ outcome: 'accepted' });
  expect(node.received['edit']).toBe(1);
  expect(client.store.get(1)?.note).toBe('mine');
});

it('P49 a client that was sent away stays where it comes, for a minute', async () => {
  const { node, client, goLive, time, run } = await setUpLive();
  const hellos = () => node.hellos.map(({ stays }) => stays ?? false);
  node.close(CLOSE_CODES.stale, drainReason(700));
  await run();
  expect(client.connection).toMatchObject({ name: 'reconnecting', retryAt: time.runtime.now() + 700 });
  await goLive();
  expect(hellos()).toEqual([false, true]);
  for (let second = 0; second < 60; second++) {
    time.advance(1_000);
    await run();
  }
  node.close(1006);
  await run();
  await goLive();
  expect(hellos()).toEqual([false, true, false]);
});
