import { createLogger } from '@meldesync/telemetry';
import { expect, it } from 'vitest';
import { createAuthReports } from './auth-reports.ts';

function setUp() {
  const lines: string[] = [];
  const logger = createLogger({ name: 'test', level: 'info', format: 'json', write: (line) => lines.push(line) });
  return { lines, reports: createAuthReports(logger) };
}

const outage = Object.assign(new Error('terminating connection'), { code: '57P01' });

it('passes on how bad it is, and nothing of what is said', () => {
  const { lines, reports } = setUp();
  const report = reports.logger.log;
  report?.('error', 'Failed query: … params: secret-token', new Error('anna@test.example'), { token: 'secret-token' });
  report?.('warn', 'anna@test.example');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { event: 'auth-reported', level: 50 },
    { event: 'auth-reported', level: 40 },
  ]);
  expect(lines.join()).not.toMatch(/secret|anna/);
});

it('whoever makes it report again and again does not fill the log', () => {
  const { lines, reports } = setUp();
  for (let count = 0; count < 1_000; count++) reports.logger.log?.('error', 'no such provider');
  expect(lines).toHaveLength(1);
});

it('trouble of the database takes the place of the answer, and of an error that does not name it', async () => {
  const { lines, reports } = setUp();
  const answer = async (work: () => void) => {
    reports.logger.log?.('error', 'Failed to delete session from database', outage);
    work();
    return 'signed out';
  };
  await expect(reports.listen(() => answer(() => {}))).rejects.toBe(outage);
  await expect(
    reports.listen(() =>
      answer(() => {
        throw new Error('INTERNAL_SERVER_ERROR');
      }),
    ),
  ).rejects.toBe(outage);
  expect(lines).toEqual([]);
});

it('an answer without trouble stays, whatever others hear at the same time', async () => {
  const { reports } = setUp();
  const [fine, broken] = await Promise.allSettled([
    reports.listen(async () => 'fine'),
    reports.listen(async () => reports.logger.log?.('error', 'x', outage)),
  ]);
  expect([fine.status, broken.status]).toEqual(['fulfilled', 'rejected']);
  await expect(reports.listen(() => Promise.reject(new Error('other')))).rejects.toThrow('other');
});
