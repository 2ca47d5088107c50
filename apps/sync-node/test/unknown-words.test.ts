import type { SyncClient } from '@meldesync/client';
import { type Cursor, formatCursor, parseCursor } from '@meldesync/protocol';
import { type Cluster, connectRaw, eventually, startCluster, type TestPerson } from '@meldesync/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

const INJECTED = 'sql","op":"delete","set":{},"by":"user:nobody';

let cluster: Cluster;
let anna: TestPerson;
let record: number;
let clients: SyncClient[];
/** What the connections of the clients went through. */
let states: Set<string>;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 2, worker: false });
  anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  [record = 0] = await cluster.addRecords(1);
  clients = (['web', 'cli', 'api'] as const).map((kind, node) => cluster.client(anna, { kind, node }));
  for (const client of clients) client.start();
  await allShow(null);
});
afterAll(() => cluster[Symbol.asyncDispose]());
beforeEach(() => {
  states = new Set();
  for (const client of clients) client.onConnection(({ name }) => states.add(name));
});

/** Everybody is live and shows the note. */
async function allShow(note: string | null): Promise<void> {
  await eventually(() => {
    for (const client of clients) {
      expect(client.connection.name).toBe('live');
      expect(client.store.get(record)?.note).toBe(note);
    }
  });
}

/** Updates the record as somebody does with psql who has set what a change is said to be from. */
async function updateVia(via: string, note: string): Promise<void> {
  await cluster.sql(
    `with said as materialized (select set_config('meldesync.via', $1, true))
     update records set note = $2 where id = $3 and (select count(*) from said) = 1`,
    [via, note, record],
  );
}

async function cursorNow(): Promise<Cursor> {
  const { cursor } = await cluster.api(anna).snapshotPage(cluster.workspace);
  const { head } = await cluster.api(anna).framesPage(cluster.workspace, { after: cursor });
  return formatCursor(parseCursor(cursor).epoch, head);
}

async function lastVia(): Promise<string | undefined> {
  const { entries } = await cluster.api(anna).history(cluster.workspace, record);
  return entries[0]?.via;
}

it.each(['psql', INJECTED])('R3.4 R5.1 a psql that says %j disturbs nobody and is recorded as sql', async (via) => {
  const after = await cursorNow();
  await updateVia(via, `via ${via}`);
  await allShow(`via ${via}`);
  expect(await lastVia()).toBe('sql');
  const page = await cluster.api(anna).framesPage(cluster.workspace, { after });
  expect(page.frames.flatMap(({ changes }) => changes)).toMatchObject([
    { op: 'update', via: 'sql', by: 'db:postgres' },
  ]);
  expect([...states].filter((name) => name !== 'live')).toEqual([]);
});

it('P44 a word of a newer database reaches everybody as it is, live, merged, by page and in the history', async () => {
  // The database of a version that knows more words, or one whose rows are older than the rule.
  await cluster.sql('alter table changes drop constraint changes_via');
  await cluster.sql(`create or replace function meldesync_setting(name text) returns text language sql stable as
    $$ select nullif(current_setting('meldesync.' || name, true), '') $$`);
  const after = await cursorNow();
  const slow = await connectRaw(cluster.url(), { token: anna.token });
  slow.send({ type: 'hello', workspace: cluster.workspace, client: { kind: 'api', version: 'test' } });
  await slow.next('welcome');
  slow.send({ type: 'subscribe', cursor: after });
  await slow.next('subscribed');
  for (const sentAt of [1, 2]) slow.send({ type: 'ping', sentAt, roundTripMs: 2_000, applyLagMs: 0 });
  await slow.next('tier');
  for (const via of ['telnet', INJECTED, 'telnet']) await updateVia(via, `from ${via}`);
  await allShow('from telnet');
  expect(await lastVia()).toBe('telnet');
  const merged = await slow.next('frames');
  expect(merged.frames.at(-1)?.changes.at(-1)).toMatchObject({ op: 'update', via: 'telnet' });
  const page = await cluster.api(anna).framesPage(cluster.workspace, { after });
  expect(page.frames.flatMap(({ changes }) => changes.map(({ via }) => via))).toEqual(['telnet']);
  expect([...states].filter((name) => name !== 'live')).toEqual([]);
  await slow[Symbol.asyncDispose]();
});

it('P45 R1.1 a frame in the stream that nobody can read costs a snapshot, and neither the connection nor the node', async () => {
  const after = await cursorNow();
  await updateVia('sql', 'before');
  await updateVia('sql', 'after');
  await allShow('after');
  await breakFrames(after);
  const page = cluster.api(anna).framesPage(cluster.workspace, { after });
  await expect(page).rejects.toMatchObject({ code: 'cursor-too-old' });
  const late = cluster.client(anna, { node: 1 });
  late.start();
  await eventually(() => expect(late.store.get(record)?.note).toBe('after'));
  await updateVia('sql', 'and on');
  await allShow('and on');
  await eventually(() => expect(late.store.get(record)?.note).toBe('and on'));
});

/** Writes the stream anew with what an earlier version wrote after a position: JSON with a quote too many. */
async function breakFrames(after: Cursor): Promise<void> {
  const { epoch, position } = parseCursor(after);
  const stream = `${cluster.redisPrefix}:{${cluster.workspace}}:feed2:${epoch}`;
  const entries = (await cluster.redis.command('XRANGE', stream, '-', '+')) as [string, string[]][];
  const start = entries.findIndex(([, fields]) => fields[fields.indexOf('p') + 1] === position);
  expect(start).toBeGreaterThan(0);
  await cluster.redis.command('DEL', stream);
  for (const [index, [id, fields]] of entries.entries()) {
    const written = fields.map((field) => (index >= start ? field.replace('"via":"', '"via":""') : field));
    await cluster.redis.command('XADD', stream, id, ...written);
  }
}
