import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLOSE_RULES } from '@meldesync/protocol';
import { metricsOf, RUNTIME_FAMILIES } from '@meldesync/telemetry';
import type { WorkerApp } from '@meldesync/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Cluster,
  connectRaw,
  eventually,
  type MetricSample,
  makeCertificate,
  parseMetrics,
  sampleMeldebestaetigung,
  startCluster,
  sumOf,
} from '../src/index.ts';

const SECRET = 'GEHEIME-FALLNUMMER';

/** In the catalogue, and measured by nobody so far. */
const NOT_MEASURED: readonly string[] = [];

const folder = mkdtempSync(join(tmpdir(), 'meldesync-metrics-'));
let cluster: Cluster;
let worker: WorkerApp;
/** The text of `/metrics` of each kind of process, after all of them had something to do. */
const texts = { node: '', relay: '', worker: '' };

beforeAll(async () => {
  const certificateFile = join(folder, 'certificate.pem');
  writeFileSync(certificateFile, (await makeCertificate()).cert);
  cluster = await startCluster({ nodes: 1, worker: false, certificateFile });
  worker = await cluster.addWorker('worker');
  await haveSomethingHappen();
  const parts = { node: cluster.nodes[0], relay: cluster.relay, worker };
  for (const kind of ['node', 'relay', 'worker'] as const) {
    const response = await fetch(`http://127.0.0.1:${parts[kind]?.adminPort}/metrics`);
    texts[kind] = await response.text();
  }
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** An import, edits of every outcome, a lock and its end, requests for what there is and is not, sockets that end. */
async function haveSomethingHappen(): Promise<void> {
  const { workspace } = cluster;
  const anna = await cluster.addPerson('Anna', { workspace, role: 'editor' });
  const ben = await cluster.addPerson('Ben', { workspace, role: 'editor' });
  const api = cluster.api(anna);
  const { vorgangsnummer, ibe } = sampleMeldebestaetigung(1);
  const content = new Blob([
    `Vorgangsnummer,Meldebestaetigung,Fallnummer\n${vorgangsnummer},${ibe},${SECRET}\nx,y,z\n`,
  ]);
  const client = cluster.client(anna);
  client.start();
  await eventually(() => expect(client.connection.name).toBe('live'));
  const [taken] = await api.uploadImports(workspace, [{ name: 'test.csv', content }]);
  await eventually(async () => expect((await api.import(workspace, taken?.id ?? '')).status).toBe('finished'));
  await eventually(() => expect(client.store.size).toBe(1));
  const [record] = [...client.store.values()];
  if (!record) throw new Error('nothing was imported');
  const base = { record: record.id, baseVersion: record.version };
  await client.edit([{ ...base, set: { caseId: `${SECRET}-1` } }]);
  await client.edit([{ ...base, set: { caseId: `${SECRET}-2` } }]);
  await api.patchRecord(workspace, record.id, { baseVersion: 2, set: { note: 'first' }, operation: 'over-http-1' });

  const raw = await connectRaw(cluster.url(), { token: ben.token });
  raw.send({ type: 'hello', workspace, client: { kind: 'cli', version: 'test' } });
  await raw.next('welcome');
  raw.send({ type: 'lock', request: 'a-request', records: [record.id] });
  const { lock } = (await raw.next('lock-granted')).lock;
  raw.send({ type: 'unlock', request: 'another', lock });
  await raw.next('unlocked');
  await raw[Symbol.asyncDispose]();
  for (const path of [
    `/${SECRET}`,
    `/api/v1/${SECRET}`,
    `/api/v1/workspaces/${workspace}/records/${record.id}`,
    '/healthz',
  ])
    await (await fetch(`${cluster.url()}${path}`)).text();
  await eventually(async () => {
    const response = await fetch(`http://127.0.0.1:${cluster.nodes[0]?.adminPort}/metrics`);
    expect(sumOf(parseMetrics(await response.text()), 'meldesync_connections_closed_total')).toBeGreaterThan(0);
  });
}

/** The family that a sample belongs to. */
const familyOf = ({ name }: MetricSample, text: string) => {
  const histogram = name.replace(/_(bucket|sum|count)$/, '');
  return text.includes(`\n# TYPE ${histogram} histogram\n`) ? histogram : name;
};

it.each(['node', 'relay', 'worker'] as const)('R5.4 a %s measures what the catalogue has, and nothing else', (kind) => {
  const text = texts[kind];
  const catalogue = metricsOf(kind);
  const families = new Set(parseMetrics(text).map((sample) => familyOf(sample, text)));
  const strangers = [...families].filter((name) => !catalogue.has(name) && !RUNTIME_FAMILIES.has(name));
  expect(strangers).toEqual(['target_info']);
  const silent = [...RUNTIME_FAMILIES].filter((name) => !families.has(name));
  // It may not have collected any garbage yet.
  expect(silent.filter((name) => name !== 'v8js_gc_duration_seconds')).toEqual([]);
  const missing = [...catalogue].filter(([name]) => !families.has(name));
  // A histogram has a series once it has a sample.
  expect(missing.filter(([, { kind: instrument }]) => instrument !== 'histogram').map(([name]) => name)).toEqual(
    NOT_MEASURED,
  );
});

it.each(['node', 'relay', 'worker'] as const)('R5.3 R5.4 a label of a %s has a word of the catalogue', async (kind) => {
  const text = texts[kind];
  const catalogue = metricsOf(kind);
  const routes = await routesOfApi();
  const closeCodes = Object.values(CLOSE_RULES).map(({ code }) => String(code));
  const foreign = parseMetrics(text).flatMap((sample) => {
    const attributes = catalogue.get(familyOf(sample, text))?.attributes;
    if (!attributes) return [];
    const { le: _, ...labels } = sample.labels;
    expect(Object.keys(labels).sort()).toEqual(Object.keys(attributes).sort());
    return Object.entries(labels).filter(([key, word]) => {
      const values = attributes[key];
      if (values === 'http-status') return !/^[1-5]\d\d$/.test(word);
      if (values === 'http-route') return !routes.has(word);
      if (values === 'close-code') return ![...closeCodes, 'other'].includes(word);
      return values === undefined || !values.includes(word);
    });
  });
  expect(foreign).toEqual([]);
  expect(text).not.toContain(SECRET);
});

async function routesOfApi(): Promise<ReadonlySet<string>> {
  const description = (await (await fetch(`${cluster.url()}/api/openapi.json`)).json()) as { paths: object };
  const signIn = ['sign-in/email', 'get-session'].map((path) => `/api/auth/${path}`);
  return new Set([
    ...Object.keys(description.paths),
    ...signIn,
    '/api/openapi.json',
    '/healthz',
    '/readyz',
    '/*',
    'other',
  ]);
}

it('R5.4 edits, conflicts, locks, requests and rows are counted by what became of them', () => {
  const node = parseMetrics(texts.node);
  const edits = (labels: Record<string, string>) => sumOf(node, 'meldesync_edit_duration_seconds_count', labels);
  expect(edits({ outcome: 'accepted', via: 'web' })).toBe(1);
  expect(edits({ outcome: 'conflict', via: 'web' })).toBe(1);
  expect(edits({ outcome: 'accepted', via: 'api' })).toBe(1);
  expect(edits({})).toBe(3);
  expect(sumOf(node, 'meldesync_conflicts_total', { overlaps: 'true' })).toBe(1);
  expect(sumOf(node, 'meldesync_lock_duration_seconds_count', { outcome: 'granted' })).toBe(1);
  expect(sumOf(node, 'meldesync_locks_ended_total', { reason: 'released' })).toBe(1);
  expect(sumOf(node, 'meldesync_locks_held')).toBe(0);
  expect(sumOf(node, 'meldesync_connections', { state: 'live' })).toBe(1);
  expect(sumOf(node, 'meldesync_connections_closed_total', { code: '1006', by: 'line' })).toBe(1);
  const requests = (route: string) => sumOf(node, 'http_server_request_duration_seconds_count', { http_route: route });
  expect(requests('/api/v1/workspaces/{workspace}/records/{record}')).toBe(2);
  expect(requests('other')).toBe(2);
  expect(sumOf(node, 'db_client_connection_wait_time_seconds_count')).toBeGreaterThan(0);

  const rows = (outcome: string) => sumOf(parseMetrics(texts.worker), 'meldesync_import_rows_total', { outcome });
  expect([rows('created'), rows('rejected'), rows('updated')]).toEqual([1, 1, 0]);
  expect(sumOf(parseMetrics(texts.worker), 'meldesync_imports_total', { outcome: 'done' })).toBe(1);
  expect(sumOf(parseMetrics(texts.worker), 'meldesync_import_batch_duration_seconds_count')).toBe(1);
});

it('R5.4 the relay says how much of the log it has not confirmed, and that nothing waits', async () => {
  const relay = async () => {
    const response = await fetch(`http://127.0.0.1:${cluster.relay?.adminPort}/metrics`);
    return parseMetrics(await response.text());
  };
  await eventually(async () => expect(sumOf(await relay(), 'meldesync_feed_lag_bytes')).toBeGreaterThan(0));
  expect(sumOf(await relay(), 'meldesync_feed_delay_seconds')).toBe(0);
  expect(sumOf(await relay(), 'meldesync_hop_duration_seconds_count', { hop: 'relay-bus' })).toBeGreaterThan(0);
});
