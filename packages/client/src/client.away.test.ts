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
  const afters = () => set.node.hellos.map(({ after }) => after);
  return { ...set, afters };
}

it('P51 says what had ended its connection, and for how long it was away; a first connection says nothing', async () => {
  const { node, client, time, run, goLive, afters } = await setUpLive();
  expect(afters()).toEqual([undefined]);
  const epoch = client.cursor?.split(':')[0];
  node.close(1006);
  time.advance(1_250);
  await run();
  expect(afters().at(-1)).toEqual({ reason: 'closed', awayMs: 1_250, epoch });
  node.close(CLOSE_CODES.draining, drainReason(700));
  time.advance(700);
  await run();
  expect(afters().at(-1)).toEqual({ reason: 'drain', awayMs: 700, epoch });
  await goLive();
  node.deaf(true);
  time.advance(6_000);
  node.deaf(false);
  await goLive();
  expect(afters().at(-1)).toMatchObject({ reason: 'silence', epoch });
});

it('P51 what fails on the way back changes nothing of why it was away', async () => {
  const { node, client, time, run, afters } = await setUpLive();
  node.close(CLOSE_CODES.slow);
  node.blockSockets(true);
  for (let second = 0; second < 20; second++) {
    time.advance(1_000);
    await run();
  }
  node.blockSockets(false);
  client.reconnectNow();
  await run();
  expect(afters()).toHaveLength(2);
  expect(afters().at(-1)).toMatchObject({ reason: 'slow', awayMs: 20_000 });
});

it('P51 a client that was stopped begins anew', async () => {
  const { node, client, run, afters } = await setUpLive();
  client.stop();
  client.start();
  await run();
  expect(node.hellos).toHaveLength(2);
  expect(afters()).toEqual([undefined, undefined]);
});
