import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Report } from './talkative-cluster.ts';

/** Ends a process that hangs, before the test is ended for it. */
const PATIENCE_MS = 110_000;
const PROGRAM = fileURLToPath(new URL('./talkative-cluster.ts', import.meta.url));

/** Runs a cluster in a process of its own, so that all it writes can be heard. */
async function listen(): Promise<{ report: Report; logs: string }> {
  const child = fork(PROGRAM, { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let logs = '';
  let report: Report | undefined;
  const listenTo = (chunk: Buffer) => {
    logs += chunk.toString('utf8');
  };
  child.stdout?.on('data', listenTo);
  child.stderr?.on('data', listenTo);
  child.once('message', (message) => {
    report = message as Report;
  });
  const tooLong = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const status = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  clearTimeout(tooLong);
  if (status !== 0 || !report) throw new Error(`the cluster ended with status ${status}:\n${logs}`);
  return { report, logs };
}

it('R5.1 R5.3 neither case ids nor Vorgangsnummern nor notes get into logs, metrics, spans, addresses and Postgres’ own log, whatever goes wrong', async () => {
  const { report, logs } = await listen();
  // It did go wrong, and the logs say so.
  for (const said of [
    'message-failed',
    'request-failed',
    'import-attempt-failed',
    'feed-broke-off',
    'connection-broke',
    'connection-opened',
    'connection-closed',
    'connection-back',
    'auth-reported',
  ])
    expect(logs).toContain(`"event":"${said}"`);
  expect(logs).toContain('"level":20');
  expect(logs).toMatch(/"reason":"closed","afterMs":\d+,"how":"(nothing|memory)"/);
  // Redis was away for half a second, and each process has several connections that try again and again.
  const lines = logs.match(/"name":"[^"]*","event":"connection-broke"/g) ?? [];
  expect(lines.length).toBeLessThanOrEqual(2 * new Set(lines).size);
  expect(logs).toMatch(/"code":1006,"by":"line"/);
  expect(report.metrics).toContain('http_server_request_duration_seconds_count');
  expect(report.metrics).toContain('meldesync_sweep_active');
  expect(report.addresses).toContain('/snapshot');
  expect(report.postgres).toContain('database system is ready');
  expect(report.postgres).toContain('extra data after last expected column');

  const { metrics, addresses, postgres, spans } = report;
  const written = { logs, metrics, addresses, postgres, spans };
  for (const [where, text] of Object.entries(written)) {
    const found = report.secrets.filter((secret) => text.toLowerCase().includes(secret.toLowerCase()));
    expect({ where, found }).toEqual({ where, found: [] });
  }
});
