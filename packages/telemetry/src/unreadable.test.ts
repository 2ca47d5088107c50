import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { type ProcessMeter, startProcessMeter } from './metrics/process-meter.ts';
import { createUnreadableReport } from './unreadable.ts';

let meter: ProcessMeter<'node'>;
beforeEach(async () => {
  meter = await startProcessMeter({ kind: 'node', name: 'test', version: '0', environment: {} });
});
afterEach(() => meter[Symbol.asyncDispose]());

it('counts all that cannot be read, and names a place of a workspace once a minute', async () => {
  const lines: string[] = [];
  let now = 0;
  const logger = createLogger({
    name: 'test',
    level: 'info',
    format: 'json',
    write: (line) => lines.push(line),
    now: () => now,
  });
  const read = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const report = createUnreadableReport({ logger, meter });
  for (let i = 0; i < 100; i++) report({ place: 'record', workspace: 'a', record: i, reason: 'r' });
  report({ place: 'record', workspace: 'b', record: 1, reason: 'r' });
  report({ place: 'notice', workspace: 'a', reason: 'r' });
  expect(read().map(({ place, workspace, record }) => [place, workspace, record])).toEqual([
    ['record', 'a', 0],
    ['record', 'b', 1],
    ['notice', 'a', undefined],
  ]);
  now = 60_000;
  report({ place: 'record', workspace: 'a', record: 7, reason: 'r' });
  expect(read().at(-1)).toMatchObject({ event: 'unreadable', record: 7, more: 99 });
  expect((await meter.exposition(undefined)).body).toContain('meldesync_unreadable_total{place="record"} 102\n');
});
