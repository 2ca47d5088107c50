import { spawnSync } from 'node:child_process';
import { afterEach, expect, it, vi } from 'vitest';
import { METRICS } from '../metrics-catalogue.ts';
import { recordWithExemplar } from './instruments.ts';
import { type ProcessMeter, startProcessMeter } from './process-meter.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0';

let ends: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of ends) await one[Symbol.asyncDispose]();
  ends = [];
});

async function start(environment: Record<string, string> = {}): Promise<ProcessMeter<'node'>> {
  const meter = await startProcessMeter({ kind: 'node', name: 'node-7', version: '1.2.3', environment });
  ends.push(meter);
  return meter;
}

const textOf = async (meter: ProcessMeter<'node'>) => (await meter.exposition(undefined)).body;

it('R5.4 says who measures, by the name that the operator gives', async () => {
  const [ours, theirs] = [await start(), await start({ OTEL_SERVICE_NAME: 'meldungen' })];
  expect(await textOf(ours)).toContain(
    'target_info{service_name="meldesync-node",service_instance_id="node-7",service_version="1.2.3"} 1',
  );
  expect(await textOf(theirs)).toContain('target_info{service_name="meldungen"');
});

it('R5.4 a counter starts with 0 for each of its words, and a gauge with 0', async () => {
  const meter = await start();
  meter.counter('meldesync.conflicts').add(2, { overlaps: 'true' });
  meter.counter('meldesync.messages');
  const text = await textOf(meter);
  expect(text).toContain('meldesync_conflicts_total{overlaps="true"} 2\n');
  expect(text).toContain('meldesync_conflicts_total{overlaps="false"} 0\n');
  expect(text).toContain('meldesync_messages_total 0\n');
});

it('R5.4 a histogram has the buckets of the catalogue', async () => {
  const meter = await start();
  meter.histogram('meldesync.lock.duration').record(0.02, { outcome: 'granted' });
  const bounds = [...(await textOf(meter)).matchAll(/meldesync_lock_duration_seconds_bucket\{.*le="(.*)"\} (\d)/g)];
  expect(bounds.map(([, bound]) => bound)).toEqual([...METRICS['meldesync.lock.duration'].buckets.map(String), '+Inf']);
  expect(bounds.find(([, , count]) => count === '1')?.[1]).toBe('0.02');
});

it.each([
  ['forward, and back', 3_600_000],
  ['back, and forward', -3_600_000],
])('R5.4 gauges go on while the clock of the machine is set %s', async (_way, stepMs) => {
  const meter = await start();
  let asked = 0;
  meter.observe('meldesync.canary.age', (observe) => observe((asked += 1)));
  const level = meter.gauge('meldesync.degradation.level');
  const now = Date.now();
  vi.spyOn(Date, 'now').mockReturnValue(now);
  for (const [value, atMs] of [
    [1, now],
    [2, now + stepMs],
    [3, now],
  ] as const) {
    vi.mocked(Date.now).mockReturnValue(atMs);
    level.record(value);
    const text = await textOf(meter);
    expect(text).toContain(`meldesync_degradation_level ${value}\n`);
    expect(text).toContain(`meldesync_canary_age_seconds ${value}\n`);
  }
});

it('R5.4 several of one process do not mix', async () => {
  const [first, second] = [await start(), await start()];
  first.counter('meldesync.messages').add(5);
  second.counter('meldesync.messages').add(1);
  expect(await textOf(first)).toContain('meldesync_messages_total 5\n');
  expect(await textOf(second)).toContain('meldesync_messages_total 1\n');
});

it('R5.4 tells its exemplars to who asks for OpenMetrics', async () => {
  const meter = await start();
  const edits = meter.histogram('meldesync.edit.duration');
  recordWithExemplar(edits, 0.004, { outcome: 'accepted', via: 'web' }, TRACE);
  recordWithExemplar(edits, 0.02, { outcome: 'accepted', via: 'cli' }, undefined);
  const plain = await meter.exposition('text/plain');
  expect(plain.contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(plain.body).not.toContain('trace_id');
  const open = await meter.exposition(`${OPEN_METRICS},text/plain;q=0.5`);
  expect(open.contentType).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
  const withTrace = open.body.split('\n').filter((line) => line.includes('trace_id'));
  expect(withTrace).toEqual([
    expect.stringMatching(
      new RegExp(
        `^meldesync_edit_duration_seconds_bucket\\{.*via="web",le="0\\.005"\\} 1 # \\{trace_id="${TRACE}"\\} 0\\.004 `,
      ),
    ),
  ]);
});

it('R5.4 an unanswered question holds nobody up, and is left out', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const meter = await start();
  meter.observe('meldesync.locks.held', () => new Promise(() => undefined));
  meter.counter('meldesync.messages').add(1);
  const asked = textOf(meter);
  await vi.advanceTimersByTimeAsync(2_000);
  vi.useRealTimers();
  const text = await asked;
  expect(text).toContain('meldesync_messages_total 1\n');
  expect(text).not.toContain('meldesync_locks_held');
});

it('R5.4 says of Node.js and the process what OpenTelemetry names', async () => {
  const text = await textOf(await start());
  for (const name of [
    'process_cpu_time_seconds_total{cpu_mode="user"}',
    'process_memory_usage_bytes',
    'v8js_memory_heap_used_bytes{',
    'nodejs_eventloop_utilization_ratio',
    'nodejs_eventloop_delay_p99_seconds',
    'meldesync_memory_external_bytes',
  ])
    expect(text).toMatch(new RegExp(`^${name.replaceAll(/[{}]/g, '\\$&')}`, 'm'));
});

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

it.runIf(hasPromtool)('R5.4 Prometheus reads it', async () => {
  const meter = await start();
  for (const state of ['used', 'idle'] as const)
    meter.observe('db.client.connection.count', (observe) => observe(1, { 'db.client.connection.state': state }));
  meter.histogram('meldesync.edit.duration').record(0.1, { outcome: 'failed', via: 'api' });
  const { stderr, status } = spawnSync('promtool', ['check', 'metrics'], { input: await textOf(meter) });
  // 3: it has read all of it and finds fault with a name, which OpenTelemetry prescribes.
  expect([0, 3]).toContain(status);
  const findings = stderr
    .toString()
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('db_client_connection_count'));
  expect(findings.filter(Boolean)).toEqual([]);
});
