import { type DownMessage, type FramesPage, formatCursor, ORIGIN, parseCursor } from '@meldesync/protocol';
import {
  type Cluster,
  callHttp,
  connectRaw,
  eventually,
  metricOf,
  type RawSocket,
  startCluster,
  startWitness,
  type TestPerson,
  type Witness,
  workspacePath,
} from '@meldesync/testkit';
import { expect, it } from 'vitest';

const RECORDS = 450;
/** Few enough to be pushed. */
const RECORDS_AT_ONCE = 10;
/** More than the node and both ends of the connection keep for somebody who does not read. */
const WAVES = 24;
const ATTEMPTS = 10;

/** What a connection was told of the feed at once: from where, to where, and the records that changed. */
interface Told {
  readonly from: string;
  readonly to: string;
  readonly changed: readonly number[] | 'many';
}

function stepsOf(messages: readonly DownMessage[]): Told[] {
  return messages.flatMap((message): Told[] => {
    if (message.type === 'range') return [{ from: message.from, to: message.to, changed: 'many' }];
    if (message.type !== 'frames') return [];
    return message.frames.map(({ id, prev, changes }) => ({
      from: prev,
      to: id,
      changed: changes.map(({ record }) => record),
    }));
  });
}

/**
 * A connection that reads nothing, until something was dropped for it. A node that has time to look at it meanwhile slows it
 * down instead, on a busy machine; then there is another one.
 */
async function fallBehind(cluster: Cluster, person: TestPerson, witness: Witness): Promise<RawSocket> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const socket = await connectRaw(cluster.url(), { token: person.token });
    socket.send({ type: 'hello', workspace: cluster.workspace, client: { kind: 'web', version: 'test' } });
    await socket.next('welcome');
    socket.send({ type: 'subscribe', cursor: witness.cursor });
    await socket.next('subscribed');
    socket.pause();
    await cluster.sql(`do $$ begin
      for wave in 1..${WAVES} loop
        for part in 0..${RECORDS / RECORDS_AT_ONCE - 1} loop
          update records set note = repeat(chr(96 + wave), 1900) where id % ${RECORDS / RECORDS_AT_ONCE} = part;
          commit;
        end loop;
      end loop;
    end $$`);
    await witness.seesEdits();
    if ((await metricOf(cluster.nodes[0], 'meldesync_dropped_total')) > 0) return socket;
    await socket[Symbol.asyncDispose]();
  }
  throw new Error('nothing was dropped');
}

it('P26 R3.5 R4.5 who does not read is taken off the feed, catches up merged and returns; nobody else notices', async () => {
  await using cluster = await startCluster({ nodes: 1, worker: false });
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const records = await cluster.addRecords(RECORDS);
  const [watched = 0] = records;
  const witness = await startWitness(cluster, watched);
  await using slow = await fallBehind(cluster, anna, witness);
  const [row] = await cluster.sql('select version from records where id = $1', [records[2]]);
  const version = Number(row?.['version']);
  // What it asks meanwhile finds no room for its answer, which it must get all the same.
  slow.send({
    type: 'edit',
    operation: 'asked-while-it-did-not-read',
    items: [{ record: records[2] ?? 0, baseVersion: version, set: { note: 'mine' } }],
  });
  await eventually(async () => {
    const [row] = await cluster.sql(`select version from records where id = $1`, [records[2]]);
    expect(row).toEqual({ version: version + 1 });
  });
  slow.resume();
  // It reads what lay in its buffer, and is told that something is missing and that it will be spared from now on.
  expect((await slow.next('tier')).everyMs).toBeGreaterThan(0);
  await slow.next('behind');
  const read = stepsOf(slow.messages);
  const { epoch } = parseCursor(witness.cursor);
  const cursor = formatCursor(epoch, read.at(-1)?.to ?? ORIGIN);
  const heard = slow.messages.length;
  slow.send({ type: 'subscribe', cursor });
  const { head } = await slow.next('subscribed');
  const rest = () => stepsOf(slow.messages.slice(heard));
  // What it missed is too much to be pushed: it is live at once, and pulls.
  await eventually(() => expect(rest()[0]).toEqual({ from: read.at(-1)?.to, to: head, changed: 'many' }));
  for (const [index, { from }] of read.slice(1).entries()) expect(from).toBe(read[index]?.to);
  const pages: FramesPage[] = [];
  for (let after: string | null = cursor; after !== null; after = pages.at(-1)?.next ?? null) {
    const path = workspacePath(cluster, `/frames?after=${after}&upto=${head}`);
    pages.push((await (await callHttp(cluster, path, { as: anna })).json()) as FramesPage);
  }
  for (const { frames } of pages) {
    const changed = frames.flatMap(({ changes }) => changes.map(({ record }) => record));
    expect(new Set(changed).size).toBe(changed.length);
  }
  const last = pages.flatMap(({ frames }) => frames).flatMap(({ changes }) => changes);
  const lastNote = String.fromCharCode(96 + WAVES).repeat(1900);
  expect(last.findLast(({ record }) => record === records[1])?.set.note).toBe(lastNote);
  const answers = slow.messages.filter(({ type }) => type === 'edited');
  expect(answers).toMatchObject([{ operation: 'asked-while-it-did-not-read', outcomes: [{ outcome: 'accepted' }] }]);
  // And goes on as before.
  await witness.seesEdits();
  await eventually(() => expect(rest().at(-1)?.changed).toEqual([watched]));
});
