import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApi, createSyncClient, SyncError } from '@meldesync/client';
import { clientAccess } from '../src/cluster.ts';
import { connectRaw, eventually, sampleMeldebestaetigung, startCluster, startTraceReceiver } from '../src/index.ts';
import { startRequestTap } from '../src/services/request-tap.ts';
import { startTestPostgres } from '../src/services/test-postgres.ts';
import { holdLock, talkToPostgres } from './talk-to-postgres.ts';

/** What the parent hears once everything has happened: what must not be in the logs, and what was written elsewhere. */
export interface Report {
  readonly secrets: readonly string[];
  readonly metrics: string;
  /** The addresses that clients of ours asked for. */
  readonly addresses: string;
  /** Postgres' own log. */
  readonly postgres: string;
  /** The spans of all processes, as lines of OTLP JSON. */
  readonly spans: string;
}

const ROWS = 20;
const CASE_ID = 'GEHEIME-FALLNUMMER';
const NOTE = 'GEHEIME-NOTIZ';
/** A case id with which no record can be written, once `refuseCases` has been called. */
const REFUSED_CASE_ID = `${CASE_ID}-VERBOTEN`;

const postgres = await startTestPostgres();
// Spans go out soon.
process.env['OTEL_BSP_SCHEDULE_DELAY'] = '100';
const receiver = await startTraceReceiver();
const cluster = await startCluster({
  logLevel: 'debug',
  postgresUrl: postgres.url,
  worker: false,
  traces: receiver.url,
});
const worker = await cluster.addWorker('worker');
const { workspace } = cluster;
const anna = await cluster.addPerson('Anna', { workspace, role: 'editor' });
const tap = await startRequestTap(cluster.nodes[0]?.port ?? 0);
const access = clientAccess(tap.url, anna.token);
const api = createApi(access);
const samples = Array.from({ length: ROWS }, (_, index) => sampleMeldebestaetigung(index + 1));
const refusedSample = sampleMeldebestaetigung(100);

/** Makes Postgres refuse rows, with errors that quote them. */
async function refuseCases(): Promise<void> {
  await cluster.sql(`alter table records add constraint refuses check (case_id is distinct from '${REFUSED_CASE_ID}')`);
}

async function importRows(rows: readonly string[]): Promise<void> {
  const content = new Blob([`Vorgangsnummer,Meldebestaetigung,Fallnummer\n${rows.join('\n')}\n`]);
  const [taken] = await api.uploadImports(workspace, [{ name: 'test.csv', content }]);
  await eventually(async () => {
    const { status } = await api.import(workspace, taken?.id ?? '');
    if (status === 'queued') throw new Error('nobody has taken the import up');
    if (status === 'running') await sleep(100);
  });
}

const row = ({ vorgangsnummer, ibe }: { vorgangsnummer: string; ibe: string }, caseId: string) =>
  `${vorgangsnummer},${ibe},${caseId}`;

// An import with good, doubtful and bad rows, then edits and what can go wrong with them.
const damaged = samples.slice(15).map(({ vorgangsnummer, ibe }) => ({ vorgangsnummer, ibe: `${ibe.slice(0, -3)}000` }));
await importRows([...samples.slice(0, 15), ...damaged].map((sample, index) => row(sample, `${CASE_ID}-${index}`)));
const client = createSyncClient({ ...access, workspace, client: { kind: 'web', version: 'test' } });
client.start();
await eventually(() => {
  if (client.store.size === 0) throw new Error('nothing was imported');
});
const [first, second] = [...client.store.values()];
if (!first || !second) throw new Error('too few records');
await client.edit([{ record: first.id, baseVersion: first.version, set: { note: NOTE, caseId: `${CASE_ID}-neu` } }]);
await client.edit([{ record: first.id, baseVersion: first.version, set: { note: `${NOTE}-zu-spät` } }]);
await api.patchRecord(workspace, second.id, {
  baseVersion: second.version,
  set: { note: NOTE },
  operation: 'by-http-1',
});
await cluster.sql('delete from records where id = $1', [second.id]);

const raw = await connectRaw(cluster.url(), { token: anna.token });
raw.send({
  type: 'hello',
  workspace,
  client: { kind: 'web', version: 'test' },
  // Only words that are known are repeated.
  after: { reason: CASE_ID as 'other', awayMs: 1, epoch: NOTE },
});
await raw.next('welcome');
raw.sendRaw(`{"type":"edit","note":"${NOTE}`);
await raw.next('error');

// Errors of Postgres that carry the row: of an edit over both ways, and of an import.
await refuseCases();
const set = { caseId: REFUSED_CASE_ID, note: NOTE };
raw.send({
  type: 'edit',
  operation: 'refused-by-postgres',
  items: [{ record: first.id, baseVersion: first.version + 1, set }],
});
await raw.next('error');
const refused = await api
  .patchRecord(workspace, first.id, { baseVersion: first.version + 1, set, operation: 'refused-by-postgres-2' })
  .then(
    () => 'accepted',
    (error: unknown) => (error instanceof SyncError ? error.code : error),
  );
if (refused !== 'internal') throw new Error('Postgres was to refuse the edit', { cause: refused });
await importRows([row(refusedSample, REFUSED_CASE_ID)]);

// One that waits too long for what somebody else has locked, which is said to those alone who look for mistakes.
const release = await holdLock(cluster.database.ownerUrl, first.id);
raw.send({
  type: 'edit',
  operation: 'waits-for-a-lock',
  items: [{ record: first.id, baseVersion: first.version + 1, set: { note: `${NOTE}-gesperrt` } }],
});
await raw.next('error');
await release();

// A client whose line breaks comes back.
tap.cut();
await eventually(() => {
  if (client.connection.name === 'live') throw new Error('the client does not know that its line is cut');
});
await eventually(() => {
  if (client.connection.name !== 'live') throw new Error('the client is not back');
});

// What people do in psql, and what goes wrong there.
await talkToPostgres(cluster.database.ownerUrl, {
  workspace,
  caseId: CASE_ID,
  vorgangsnummer: first.vorgangsnummer,
  ibe: first.ibe,
});

// What our own clients have asked for until here; from here on somebody types numbers into addresses and forms.
const addresses = tap.targets.join('\n');
const number = encodeURIComponent(first.vorgangsnummer);
const headers = { authorization: `Bearer ${anna.token}` };
for (const path of [
  `/${CASE_ID}`,
  `/?q=${number}`,
  `/api/workspaces/${workspace}/records/${number}`,
  `/api/workspaces/${CASE_ID}/records`,
  `/api/workspaces/${workspace}/records/${first.id}/history?after=${number}`,
  `/api/workspaces/${workspace}/snapshot?after=${CASE_ID}`,
  `/api/auth/callback/${CASE_ID}?state=${number}&error=${NOTE}`,
  `/api/auth/error?error=${CASE_ID}`,
])
  await fetch(`${cluster.url()}${path}`, { headers }).then((response) => response.arrayBuffer());
for (const body of [
  { email: `${CASE_ID}@test.example`, password: NOTE },
  { email: CASE_ID, password: number },
  { email: { [CASE_ID]: number } },
])
  await fetch(`${cluster.url()}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: cluster.url() },
    body: JSON.stringify(body),
  }).then((response) => response.arrayBuffer());

// Errors of Redis that carry the frame: it takes none, since it has no replicas, then Redis is gone.
await cluster.redis.command('CONFIG', 'SET', 'min-replicas-to-write', '1');
await cluster.sql('update records set note = $1 where id = $2', [`${NOTE}-im-Strom`, first.id]);
await sleep(500);
await cluster.redis.command('CONFIG', 'SET', 'min-replicas-to-write', '0');
await cluster.redis.kill();
await cluster.sql('update records set note = $1 where id = $2', [`${NOTE}-ohne-Redis`, first.id]);
await sleep(500);
await cluster.redis.start();

await eventually(() => {
  for (const name of ['edit', 'relay', 'deliver', 'import batch'])
    if (!receiver.spans.some((span) => span.name === name)) throw new Error(`there is no span ${name}`);
});
const admin = [...cluster.nodes, cluster.relay, worker].flatMap((part) => part?.adminPort ?? []);
const metrics = await Promise.all(admin.map(async (port) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()));
const [{ data_directory: folder } = {}] = await cluster.sql('show data_directory');
const report: Report = {
  secrets: [CASE_ID, NOTE, ...[...samples, refusedSample].flatMap(({ vorgangsnummer, ibe }) => [vorgangsnummer, ibe])],
  metrics: metrics.join('\n'),
  addresses,
  spans: receiver.lines.join('\n'),
  postgres: await readFile(join(dirname(String(folder)), 'postgres.log'), 'utf8'),
};
process.send?.(report);

client.stop();
await cluster[Symbol.asyncDispose]();
await tap[Symbol.asyncDispose]();
await receiver[Symbol.asyncDispose]();
await postgres[Symbol.asyncDispose]();
// The last lines are still on their way to standard output; then it ends like every process of ours.
await sleep(200);
process.exit(0);
