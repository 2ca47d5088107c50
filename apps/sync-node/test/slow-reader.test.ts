import { CLOSE_CODES } from '@meldesync/protocol';
import { connectRaw, eventually, startCluster, startWitness } from '@meldesync/testkit';
import { expect, it } from 'vitest';

const RECORDS = 500;
/** More than the node and both ends of the connection keep for somebody who does not read. */
const WAVES = 24;
/** How a connection ends whose buffers have no room for the reason (RFC 6455 §7.4.1). */
const CUT = 1006;

it('P26 R3.5 who does not read is let go, and nobody else notices', async () => {
  await using cluster = await startCluster({ nodes: 1, worker: false });
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const [watched = 0] = await cluster.addRecords(RECORDS);
  const witness = await startWitness(cluster, watched);
  await using slow = await connectRaw(cluster.url(), { token: anna.token });
  slow.send({ type: 'hello', workspace: cluster.workspace, client: { kind: 'web', version: 'test' } });
  await slow.next('welcome');
  slow.send({ type: 'subscribe', cursor: witness.cursor });
  await slow.next('subscribed');

  slow.pause();
  for (let wave = 1; wave <= WAVES; wave++) {
    await cluster.sql(`update records set note = repeat(chr(96 + $1), 1900)`, [wave]);
    await witness.seesEdits();
  }
  slow.resume();
  expect([CLOSE_CODES.slow, CUT]).toContain(await slow.closeCode());

  // It comes back with the cursor of what it read last, and misses nothing.
  const read = slow.messages.flatMap((message) => (message.type === 'frames' ? message.frames : []));
  const [epoch] = witness.cursor.split(':');
  await using back = await connectRaw(cluster.url(), { token: anna.token });
  back.send({ type: 'hello', workspace: cluster.workspace, client: { kind: 'web', version: 'test' } });
  await back.next('welcome');
  back.send({ type: 'subscribe', cursor: `${epoch}:${read.at(-1)?.id ?? ''}` });
  const { head } = await back.next('subscribed');
  const rest = () => back.messages.flatMap((message) => (message.type === 'frames' ? message.frames : []));
  await eventually(() => expect(rest().at(-1)?.id).toBe(head));
  // What it missed comes in messages that nobody is busy with for long.
  const sizes = back.messages.map((message) => JSON.stringify(message).length);
  expect(Math.max(...sizes)).toBeLessThan(512 * 1024);
  const chain = [...read, ...rest()];
  expect(chain.slice(1).map((frame) => frame.prev)).toEqual(chain.slice(0, -1).map((frame) => frame.id));
});
