import { connectRaw, eventually, startCluster, startWitness } from '@meldesync/testkit';
import { expect, it } from 'vitest';

const RECORDS = 500;
/** More than the node and both ends of the connection keep for somebody who does not read. */
const WAVES = 24;

it('P26 R3.5 R4.5 who does not read is taken off the feed, catches up merged and returns; nobody else notices', async () => {
  await using cluster = await startCluster({ nodes: 1, worker: false });
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const records = await cluster.addRecords(RECORDS);
  const [watched = 0] = records;
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
  // What it asks meanwhile finds no room for its answer, which it must get all the same.
  slow.send({
    type: 'edit',
    operation: 'asked-while-it-did-not-read',
    items: [{ record: records[2] ?? 0, baseVersion: WAVES + 1, set: { note: 'mine' } }],
  });
  await eventually(async () => {
    const [row] = await cluster.sql(`select version from records where id = $1`, [records[2]]);
    expect(row).toEqual({ version: WAVES + 2 });
  });
  slow.resume();
  // It reads what lay in its buffer, and is told that something is missing and that it will be spared from now on.
  expect((await slow.next('tier')).everyMs).toBeGreaterThan(0);
  await slow.next('behind');
  const read = slow.messages.flatMap((message) => (message.type === 'frames' ? message.frames : []));
  const [epoch] = witness.cursor.split(':');
  const heard = slow.messages.length;
  slow.send({ type: 'subscribe', cursor: `${epoch}:${read.at(-1)?.id ?? ''}` });
  const { head } = await slow.next('subscribed');
  const rest = () => slow.messages.slice(heard).flatMap((message) => (message.type === 'frames' ? message.frames : []));
  await eventually(() => expect(rest().at(-1)?.id).toBe(head));
  // A record that changed many times comes once, as it is now, however much was missed.
  const missed = rest().flatMap(({ changes }) => changes);
  expect(missed.filter(({ record }) => record === records[1])).toHaveLength(1);
  const chain = [...read, ...rest()];
  for (const [index, frame] of chain.slice(1).entries()) expect(frame.prev).toBe(chain[index]?.id);
  const answers = slow.messages.filter(({ type }) => type === 'edited');
  expect(answers).toMatchObject([{ operation: 'asked-while-it-did-not-read', outcomes: [{ outcome: 'accepted' }] }]);
  // And goes on as before.
  await witness.seesEdits();
  await eventually(() => expect(rest().at(-1)?.id).not.toBe(head));
});
