import { describe, expect, it } from 'vitest';
import { judge, nightCode } from './verdict.mjs';

/** @param {number} code */
const exit = (code) => /** @type {const} */ ({ kind: 'exit', code });

describe('a drill or bench', () => {
  it.each([
    [0, '{"benchmark":"latency","p50":3,"p99":11.2}', 'held', 'p99 11.2 ms'],
    [0, '{"drill":"node-kill","outcome":"held","missed":[],"recoveredMs":850}', 'held', 'recovered in 850 ms'],
    [
      0,
      '{"drill":"last-version","outcome":"held","missed":[],"clients":50,"accepted":2000}',
      'held',
      '2000 edits accepted',
    ],
    [
      1,
      '{"drill":"sleep","outcome":"fell-short","missed":["nothing lost","same stores"]}',
      'fell short',
      'missed: nothing lost, same stores',
    ],
    [
      2,
      '{"drill":"sleep","outcome":"could-not-run","during":"starting","why":"port taken"}',
      'could not run',
      'starting: port taken',
    ],
    [137, 'Killed', 'could not run', 'Killed'],
    // Whoever says that all held says what.
    [0, 'nothing', 'could not run', 'nothing'],
  ])('that ends with %i and %s', (code, last, outcome, figure) => {
    expect(judge('measurement', exit(code), `a table\n\n${last}\n`)).toEqual({ outcome, figure });
  });
});

describe('tests', () => {
  it.each([
    [0, '5 passed, 0 failed, 1 skipped', 'held', '5 passed, 0 failed, 1 skipped'],
    [1, '4 passed, 1 failed, 0 skipped', 'fell short', '4 passed, 1 failed, 0 skipped'],
    [
      1,
      'AssertionError: seed 4711: not at rest\n4 passed, 1 failed, 0 skipped',
      'fell short',
      'seed 4711: not at rest',
    ],
    [1, 'error The build broke.', 'could not run', 'error The build broke.'],
    [130, '5 passed, 0 failed, 0 skipped', 'could not run', '5 passed, 0 failed, 0 skipped'],
  ])('that end with %i and %s', (code, output, outcome, figure) => {
    expect(judge('tests', exit(code), `${output}\n`)).toEqual({ outcome, figure });
  });
});

it('what took too long or was killed could not run, whatever it wrote', () => {
  const output = '{"p99":3}';
  expect(judge('measurement', { kind: 'too long', limitMs: 600_000 }, output)).toEqual({
    outcome: 'could not run',
    figure: 'not done after 10 min',
  });
  expect(judge('tests', { kind: 'signal', signal: 'SIGKILL' }, output)).toEqual({
    outcome: 'could not run',
    figure: 'ended by SIGKILL',
  });
});

it('a night ends as its worst trial', () => {
  /** @param {import('./verdict.mjs').Outcome[]} outcomes */
  const code = (...outcomes) => nightCode(outcomes.map((outcome) => ({ outcome })));
  expect(code('held', 'held')).toBe(0);
  expect(code('held', 'could not run')).toBe(2);
  expect(code('could not run', 'fell short', 'held')).toBe(1);
});
