import type { Logger } from '@meldesync/telemetry';
import { expect, it, vi } from 'vitest';
import { createAuthReports } from './auth-reports.ts';

function setUp() {
  const logged: unknown[] = [];
  const log = (level: string) => vi.fn((...words: unknown[]) => logged.push(level, ...words));
  const logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
  const clock = { nowMs: 0 };
  return { logged, clock, reports: createAuthReports(logger as unknown as Logger, { monotonicMs: () => clock.nowMs }) };
}

const outage = Object.assign(new Error('terminating connection'), { code: '57P01' });

it('passes on how bad it is, and nothing of what is said', () => {
  const { logged, reports } = setUp();
  const report = reports.logger.log;
  report?.('error', 'Failed query: … params: secret-token', new Error('anna@test.example'), { token: 'secret-token' });
  report?.('warn', 'anna@test.example');
  const words = 'Better Auth reported a problem; what it says may hold credentials';
  expect(logged).toEqual(['error', { unsaid: 0 }, words, 'warn', { unsaid: 0 }, words]);
});

it('whoever makes it report again and again does not fill the log', () => {
  const { logged, clock, reports } = setUp();
  for (let count = 0; count < 1_000; count++) reports.logger.log?.('error', 'no such provider');
  clock.nowMs += 10_000;
  reports.logger.log?.('error', 'no such provider');
  expect(logged.filter((word) => typeof word === 'object')).toEqual([{ unsaid: 0 }, { unsaid: 999 }]);
});

it('trouble of the database takes the place of the answer, and of an error that does not name it', async () => {
  const { logged, reports } = setUp();
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
  expect(logged).not.toContain('error');
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
