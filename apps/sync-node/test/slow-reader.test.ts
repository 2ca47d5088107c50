import { type Frame, type FramesPage, parseCursor, type Range } from '@meldesync/protocol';
import { callHttp, connectRaw, eventually, startCluster, startWitness, workspacePath } from '@meldesync/testkit';
import { expect, it } from 'vitest';

const RECORDS = 450;
/** Few enough to be pushed. */
const RECORDS_AT_ONCE = 90;
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
    await cluster.sql(`do $$ begin
      for part in 0..${RECORDS / RECORDS_AT_ONCE - 1} loop
        update records set note = repeat(chr(96 + ${wave}), 1900) where id % ${RECORDS / RECORDS_AT_ONCE} = part;
        commit;
      end loop;
    end $$`);
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
  const { epoch } = parseCursor(witness.cursor);
  const cursor = `${epoch}:${read.at(-1)?.id ?? ''}`;
  const heard = slow.messages.length;
  slow.send({ type: 'subscribe', cursor });
  const { head } = await slow.next('subscribed');
  const rest = () =>
    slow.messages.slice(heard).flatMap((message): (Frame | Range)[] => {
      if (message.type === 'frames') return message.frames;
      return message.type === 'range' ? [message] : [];
    });
  // What it missed is too much to be pushed: it is live at once, and pulls.
  await eventually(() => expect(rest()[0]).toMatchObject({ type: 'range', from: read.at(-1)?.id, to: head }));
  for (const [index, frame] of read.slice(1).entries()) expect(frame.prev).toBe(read[index]?.id);
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
  await eventually(() => expect(rest().at(-1)).toMatchObject({ changes: [{ record: watched }] }));
});
