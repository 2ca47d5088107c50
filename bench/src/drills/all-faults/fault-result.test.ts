import { expect, it } from 'vitest';
import { NotMade } from './fault.ts';
import { brokenResult, worstOutcome } from './fault-result.ts';
import { FAULTS } from './faults.ts';
import { readFaultsOrder } from './run-faults.ts';

it('several end as the worst of them: what fell short is worse than what could not run', () => {
  const worst = (...outcomes: Parameters<typeof worstOutcome>[0][number]['outcome'][]) =>
    worstOutcome(outcomes.map((outcome) => ({ outcome })));
  expect(worst('held', 'held')).toBe('held');
  expect(worst('held', 'could-not-run')).toBe('could-not-run');
  expect(worst('could-not-run', 'fell-short', 'held')).toBe('fell-short');
});

it('a fault that was not made could not run; one whose run breaks off fell short', () => {
  const fault = { name: 'x', what: 'y', seconds: 1, start: () => Promise.reject(new Error()) };
  expect(brokenResult(fault, new NotMade('x did nothing')).outcome).toBe('could-not-run');
  expect(brokenResult(fault, new Error('load broke')).outcome).toBe('fell-short');
});

it('all faults run, one after the other, unless some are named and some may run at once', () => {
  expect(readFaultsOrder([])).toEqual({ faults: FAULTS, atOnce: 1 });
  const { faults, atOnce } = readFaultsOrder(['--at-once', '3', 'loss', 'redis-killed']);
  expect([faults.map(({ name }) => name), atOnce]).toEqual([['redis-killed', 'loss'], 3]);
  expect(() => readFaultsOrder(['nothing'])).toThrow('There is no fault nothing');
  expect(() => readFaultsOrder(['--at-once', '0'])).toThrow('whole number');
});
