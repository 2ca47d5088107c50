import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { isPushed, openOtlpPush } from './otlp-push.ts';
import { startProcessMeter } from './process-meter.ts';

const PATIENCE = { timeout: 60_000 };

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

/** A receiver of OTLP; one that does not answer takes what is sent and says nothing. */
async function receiver(answers: boolean) {
  const received: { path: string; bytes: number }[] = [];
  let open = 0;
  let mostOpen = 0;
  server = createServer((request, response) => {
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    response.on('close', () => {
      open -= 1;
    });
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on('end', () => {
      received.push({ path: `${request.method} ${request.url} ${request.headers['content-type']}`, bytes });
      if (answers) response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    received,
    most: () => mostOpen,
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
  };
}

/** The exporter reads its address from the environment of the process. */
async function start(environment: Record<string, string>) {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return startProcessMeter({ kind: 'relay', name: 'relay', version: '0', environment });
}

it.each([
  [{}, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }, true],
  [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://127.0.0.1:4318/v1/metrics' }, true],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_METRICS_EXPORTER: 'none' }, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_METRICS_EXPORTER: 'otlp' }, true],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_SDK_DISABLED: 'true' }, false],
])('R5.4 %o: pushes %s', async (environment, pushes) => {
  expect(isPushed(environment)).toBe(pushes);
  if (!pushes) expect(await openOtlpPush(environment)).toBeUndefined();
});

it('R5.4 pushes what is measured again and again', async () => {
  const { received, environment } = await receiver(true);
  await using _ = await start({ ...environment, OTEL_METRIC_EXPORT_INTERVAL: '100' });
  await vi.waitFor(() => expect(received.length).toBeGreaterThan(2), PATIENCE);
  expect(received[0]?.path).toBe('POST /v1/metrics application/x-protobuf');
  expect(received[0]?.bytes).toBeGreaterThan(100);
});

it('R5.4 pushes once more at its end', async () => {
  const { received, environment } = await receiver(true);
  const meter = await start(environment);
  expect(received).toHaveLength(0);
  await meter[Symbol.asyncDispose]();
  expect(received).toHaveLength(1);
});

it('R5.4 a receiver that never answers keeps nobody from the metrics, or from the end', async () => {
  const { received, most, environment } = await receiver(false);
  const meter = await start(environment);
  meter.counter('meldesync.relay.changes').add(3);
  const ended = meter[Symbol.asyncDispose]();
  await vi.waitFor(() => expect(received).toHaveLength(1), PATIENCE);
  await ended;
  expect(most()).toBe(1);
});

it('R5.4 of a receiver that never answers nothing is kept: each try ends the one before', async () => {
  const { received, most, environment } = await receiver(false);
  await using meter = await start({ ...environment, OTEL_METRIC_EXPORT_INTERVAL: '50' });
  meter.counter('meldesync.relay.changes').add(3);
  await vi.waitFor(() => expect(received.length).toBeGreaterThan(5), PATIENCE);
  expect(most()).toBeLessThanOrEqual(2);
  expect((await meter.exposition(undefined)).body).toContain('meldesync_relay_changes_total 3\n');
});
