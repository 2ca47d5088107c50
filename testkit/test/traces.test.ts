import { readFile } from 'node:fs/promises';
import type { SyncClient } from '@meldesync/client';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Cluster,
  callHttp,
  eventually,
  readMetrics,
  startCluster,
  startTraceReceiver,
  type TestPerson,
  type TraceReceiver,
  workspacePath,
} from '../src/index.ts';

// Spans go out soon, and a receiver that does not answer is given up soon.
process.env['OTEL_BSP_SCHEDULE_DELAY'] = '50';
process.env['OTEL_BSP_EXPORT_TIMEOUT'] = '300';
process.env['OTEL_EXPORTER_OTLP_TIMEOUT'] = '300';
process.env['OTEL_BSP_MAX_QUEUE_SIZE'] = '256';
process.env['OTEL_BSP_MAX_EXPORT_BATCH_SIZE'] = '64';

const LOST = 'otel_sdk_exporter_span_exported_total';

let receiver: TraceReceiver;
let cluster: Cluster;
let anna: TestPerson;
afterEach(async () => {
  await cluster[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});

async function setUp(sampler?: string): Promise<void> {
  receiver = await startTraceReceiver();
  cluster = await startCluster({ nodes: 1, traces: receiver.url, sampler });
  anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
}

async function liveClient(): Promise<SyncClient> {
  const client = cluster.client(anna);
  client.start();
  await eventually(() => expect(client.connection.name).toBe('live'));
  return client;
}

async function save(client: SyncClient, record: number, note: string): Promise<void> {
  await eventually(() => expect(client.store.get(record)).toBeDefined());
  const seen = client.optimistic.get(record);
  if (!seen) throw new Error('the record must be there');
  const [settled] = await client.optimistic.submit([{ seen, set: { note } }]);
  expect(settled?.outcome.outcome).toBe('accepted');
}

const named = (name: string) => receiver.spans.filter((span) => span.name === name);

describe('an edit in a terminal', () => {
  it('R5.3 is told of before the command is over', async () => {
    await setUp();
    const [record = 0] = await cluster.addRecords(1);
    const client = await liveClient();
    await save(client, record, 'from a terminal');
    client.stop();
    await eventually(() => expect(named('click edit')).toHaveLength(1));
    expect(named('edit')[0]?.parentSpanId).toBe(named('click edit')[0]?.spanId);
  });
});

describe('an import', () => {
  it('R5.3 is one trace from the upload on, with a span for each batch, and what the relay made of it', async () => {
    await setUp();
    const file = await readFile(
      new URL('../../packages/domain/fixtures/Meldebestaetigung_ZW74OS83JI.csv', import.meta.url),
    );
    const form = new FormData();
    form.append('file', new Blob([file]), 'clean.csv');
    const sent = await callHttp(cluster, workspacePath(cluster, '/imports'), { as: anna, method: 'POST', body: form });
    expect(sent.status).toBe(202);
    await eventually(() => {
      expect(named('import')).toHaveLength(1);
      expect(named('relay').length).toBeGreaterThan(0);
    });
    const [upload] = named('upload');
    const [whole] = named('import');
    const batches = named('import batch');
    const own = receiver.spans.filter(({ name }) => /^(upload|import|relay|append)/.test(name));
    expect(new Set(own.map(({ traceId }) => traceId))).toEqual(new Set([upload?.traceId]));
    expect(whole?.parentSpanId).toBe(upload?.spanId);
    expect(batches.length).toBe(whole?.attributes['meldesync.batches']);
    for (const { parentSpanId } of batches) expect(parentSpanId).toBe(whole?.spanId);
    for (const { parentSpanId } of named('relay')) expect(batches.map(({ spanId }) => spanId)).toContain(parentSpanId);
  });
});

describe('where next to nothing is sampled', () => {
  it('R5.4 what was slow is recorded with all its parts, what was quick is not', async () => {
    await setUp('always_off');
    const [record = 0] = await cluster.addRecords(1);
    const client = await liveClient();
    await save(client, record, 'quick');
    await cluster.sql(
      'create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.15); return new; end $$',
    );
    await cluster.sql('create trigger slow before update on records for each row execute function slow()');
    await save(client, record, 'slow');
    const slow = () => named('edit').filter(({ startMs, endMs }) => endMs - startMs > 150);
    await eventually(() => expect(slow()).toHaveLength(1));
    expect(named('edit').every(({ startMs, endMs }) => endMs - startMs > 100)).toBe(true);
    const parts = receiver.spans.filter(({ parentSpanId }) => parentSpanId === slow()[0]?.spanId);
    expect(parts.map(({ name }) => name)).toEqual(expect.arrayContaining(['postgres write', 'postgres commit']));
  });
});

describe('a receiver of traces', () => {
  it.each(['hangs', 'refuses'] as const)('R5.3 that %s costs no edit, and no memory without an end', async (manner) => {
    await setUp();
    receiver.manner = manner;
    const [record = 0] = await cluster.addRecords(1);
    const client = await liveClient();
    for (let edit = 0; edit < 200; edit++) await save(client, record, `${manner} ${edit}`);
    await eventually(() => expect(receiver.requests).toBeGreaterThan(1));
    expect(receiver.spans).toEqual([]);
    // The alert MeldeSyncTelemetryLost goes by it.
    await eventually(async () => {
      const samples = await readMetrics(cluster.nodes[0]);
      const lost = samples.filter(({ name, labels }) => name === LOST && labels['error_type'] !== undefined);
      expect(lost.some(({ value }) => value > 0)).toBe(true);
    });
    // What waited was dropped beyond the queue; what happens from now on arrives.
    receiver.manner = 'takes';
    await save(client, record, 'again');
    await eventually(() => expect(receiver.spans.length).toBeGreaterThan(0));
    expect(receiver.spans.length).toBeLessThan(200 * 5);
  });

  it('R5.3 that is gone keeps nobody from stopping', async () => {
    await setUp();
    const client = await liveClient();
    const [record = 0] = await cluster.addRecords(1);
    await save(client, record, 'last');
    await receiver[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
  });
});

describe('a sign-in', () => {
  it('R5.1 of which a statement fails tells spans nothing of who signs in', async () => {
    await setUp();
    await cluster.sql('alter table auth."user" rename to gone');
    const email = 'geheim@klinik.example';
    const failed = await callHttp(cluster, '/api/auth/sign-in/email', {
      method: 'POST',
      headers: { origin: cluster.url() },
      json: { email, password: 'a-password-2026' },
    });
    expect(failed.status).toBe(500);
    await cluster.sql('alter table auth.gone rename to "user"');
    // A process sends its spans in order: nothing of the sign-in comes after those of this edit.
    const [record = 0] = await cluster.addRecords(1);
    await save(await liveClient(), record, 'later');
    await eventually(() => expect(named('edit')).toHaveLength(1));
    expect(receiver.lines.join()).not.toContain(email);
  });
});
