import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { createRegistry } from './metrics.ts';
import { createUnreadableReport } from './unreadable.ts';

it('counts all that cannot be read, and names a place of a workspace once a minute', async () => {
  const lines: string[] = [];
  const registry = createRegistry('test');
  let now = 0;
  const logger = createLogger({
    name: 'test',
    level: 'info',
    format: 'json',
    write: (line) => lines.push(line),
    now: () => now,
  });
  const read = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const report = createUnreadableReport({ logger, registry });
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
  expect(await registry.getSingleMetricAsString('meldesync_unreadable_total')).toContain(
    'place="record",process="test"} 102',
  );
});
