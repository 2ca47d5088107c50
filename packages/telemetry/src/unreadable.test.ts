import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ProcessMeter, startProcessMeter } from './metrics/process-meter.ts';
import { createUnreadableReport } from './unreadable.ts';

let meter: ProcessMeter<'node'>;
beforeEach(async () => {
  meter = await startProcessMeter({ kind: 'node', name: 'test', version: '0', environment: {} });
});
afterEach(() => meter[Symbol.asyncDispose]());

it('counts all that cannot be read, and names a place of a workspace once a minute', async () => {
  const lines: Record<string, unknown>[] = [];
  let now = 0;
  const report = createUnreadableReport({
    logger: { warn: (fields: Record<string, unknown>) => lines.push(fields) } as never,
    meter,
    now: () => now,
  });
  for (let i = 0; i < 100; i++) report({ place: 'record', workspace: 'a', record: i, reason: 'r' });
  report({ place: 'record', workspace: 'b', record: 1, reason: 'r' });
  report({ place: 'notice', workspace: 'a', reason: 'r' });
  expect(lines.map(({ place, workspace, record }) => [place, workspace, record])).toEqual([
    ['record', 'a', 0],
    ['record', 'b', 1],
    ['notice', 'a', undefined],
  ]);
  now = 60_000;
  report({ place: 'record', workspace: 'a', record: 7, reason: 'r' });
  expect(lines.at(-1)).toMatchObject({ event: 'unreadable', record: 7, more: 99 });
  expect((await meter.exposition(undefined)).body).toContain('meldesync_unreadable_total{place="record"} 102\n');
});

it('stays small, whatever workspaces are named', () => {
  const lines: unknown[] = [];
  const report = createUnreadableReport({
    logger: { warn: (fields: unknown) => lines.push(fields) } as never,
    meter,
    now: () => 0,
  });
  for (let i = 0; i < 2_000; i++) report({ place: 'notice', workspace: `${i}`, reason: 'r' });
  report({ place: 'notice', workspace: '1999', reason: 'r' });
  report({ place: 'notice', workspace: '0', reason: 'r' });
  expect(lines).toHaveLength(2_001);
});
