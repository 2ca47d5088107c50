import { setTimeout as sleep } from 'node:timers/promises';
import { SyncError } from '@meldesync/client';
import { connectRaw, eventually, sampleMeldebestaetigung, startCluster } from '../src/index.ts';

/** What the parent hears once everything has happened: what must not be in the logs, and what the metrics say. */
export interface Report {
  readonly secrets: readonly string[];
  readonly metrics: string;
}

const ROWS = 20;
const CASE_ID = 'GEHEIME-FALLNUMMER';
const NOTE = 'GEHEIME-NOTIZ';
/** A case id with which no record can be written, once `refuseCases` has been called. */
const REFUSED_CASE_ID = `${CASE_ID}-VERBOTEN`;

const cluster = await startCluster({ logLevel: 'debug' });
const { workspace } = cluster;
const anna = await cluster.addPerson('Anna', { workspace, role: 'editor' });
const api = cluster.api(anna);
const samples = Array.from({ length: ROWS }, (_, index) => sampleMeldebestaetigung(index + 1));

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
const client = cluster.client(anna);
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
raw.send({ type: 'hello', workspace, client: { kind: 'web', version: 'test' } });
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
await importRows([row(sampleMeldebestaetigung(100), REFUSED_CASE_ID)]);

// Errors of Redis that carry the frame: it has no room for it, then Redis is gone.
await cluster.redis.command('CONFIG', 'SET', 'maxmemory', '1');
await cluster.sql('update records set note = $1 where id = $2', [`${NOTE}-im-Strom`, first.id]);
await sleep(500);
await cluster.redis.command('CONFIG', 'SET', 'maxmemory', '0');
await cluster.redis.kill();
await cluster.sql('update records set note = $1 where id = $2', [`${NOTE}-ohne-Redis`, first.id]);
await sleep(500);
await cluster.redis.start();

const admin = [...cluster.nodes, cluster.relay].flatMap((part) => part?.adminPort ?? []);
const metrics = await Promise.all(admin.map(async (port) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()));
const numbers = [...samples, sampleMeldebestaetigung(100)].map((sample) => sample.vorgangsnummer);
const report: Report = { secrets: [CASE_ID, NOTE, ...numbers], metrics: metrics.join('\n') };
process.send?.(report);

await cluster[Symbol.asyncDispose]();
// The last lines are still on their way to standard output; then it ends like every process of ours.
await sleep(200);
process.exit(0);
