import { expect, it } from 'vitest';
import { allTrials, chooseTrials, findMeasurements, fuzzTests } from './trials.mjs';

const measurements = await findMeasurements();
const trials = allTrials(measurements, {}, new Date('2026-11-29T23:30:00Z'));

it('a night has the simulation, every fuzz test, every drill and every bench, each with its limit', () => {
  const names = trials.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain('simulation');
  expect(names).toContain('longest-tests');
  expect(names.filter((name) => name.startsWith('fuzz-'))).toHaveLength(fuzzTests().length);
  expect(fuzzTests()).toContain('testkit/test/editing.properties.test.ts');
  for (const name of ['drill-node-kill', 'drill-last-version', 'drill-faults', 'bench-latency', 'bench-memory'])
    expect(names).toContain(name);
  for (const { limitMs } of trials) expect(limitMs).toBeGreaterThan(0);
});

it('each night takes other seeds, which follow on those of the night before, unless told which', () => {
  const seeds = (/** @type {string} */ at, environment = {}) =>
    Number(allTrials(measurements, environment, new Date(at))[0]?.environment['SIM_FROM']);
  const first = seeds('2026-11-29T01:00:00Z');
  expect(seeds('2026-11-29T23:00:00Z')).toBe(first);
  expect(seeds('2026-11-30T01:00:00Z')).toBe(first + Number(trials[0]?.environment['SIM_RUNS']));
  expect(seeds('2026-11-30T01:00:00Z', { SIM_FROM: '5' })).toBe(5);
});

it('a night lets go of a million changes, or of as many as it is told', () => {
  const recordsOf = (environment = {}) =>
    chooseTrials(allTrials(measurements, environment, new Date()), ['retention']).chosen.map(
      (trial) => trial.environment['RETENTION_RECORDS'],
    );
  expect(recordsOf()).toEqual(['500000']);
  expect(recordsOf({ RETENTION_RECORDS: '7' })).toEqual(['7']);
});

it('some can be chosen, by name or by the first word of their names', () => {
  expect(chooseTrials(trials, [])).toEqual({ chosen: trials, unknown: [] });
  const { chosen, unknown } = chooseTrials(trials, ['bench', 'drill-sleep', 'dril']);
  expect(chosen.map(({ name }) => name)).toEqual(expect.arrayContaining(['bench-latency', 'drill-sleep']));
  expect(chosen.some(({ name }) => name.startsWith('fuzz-') || name === 'drill-node-kill')).toBe(false);
  expect(unknown).toEqual(['dril']);
});
