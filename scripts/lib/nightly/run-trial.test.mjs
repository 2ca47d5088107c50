import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { commandOf } from '../process-table.mjs';
import { StopStack } from '../stop-stack.mjs';
import { runTrial } from './run-trial.mjs';

/** @type {string} */
let home;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'meldesync-trial-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/**
 * @param {string} code
 * @param {{ limitMs?: number, graceMs?: number }} [options]
 */
function run(code, { limitMs = 60_000, graceMs } = {}) {
  const trial = { name: 'sample', program: ['-e', code], environment: { HOME_OF_TEST: home }, limitMs };
  return runTrial(new StopStack(), trial, join(home, 'log'), graceMs);
}

it('a trial is run to its end, with its environment, and all that it writes kept', async () => {
  const { end, output } = await run(`console.log(process.env.HOME_OF_TEST); console.error('x'); process.exitCode = 2`);
  expect(end).toEqual({ kind: 'exit', code: 2 });
  expect(output).toContain(home);
  expect(readFileSync(join(home, 'log'), 'utf8')).toBe(output);
});

it('one that takes too long is asked to end', async () => {
  const asked = join(home, 'asked');
  const { end } = await run(
    `process.on('SIGTERM', () => { require('fs').writeFileSync(${JSON.stringify(asked)}, ''); process.exit(0); }); setInterval(() => {}, 1000);`,
    { limitMs: 1_000 },
  );
  expect(end).toEqual({ kind: 'too long', limitMs: 1_000 });
  expect(existsSync(asked)).toBe(true);
});

it('one that does not end then is killed, with what it started', async () => {
  const code = `
    const { spawn } = require('child_process');
    process.on('SIGTERM', () => {});
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
    console.log('started ' + child.pid);
    setInterval(() => {}, 1000);`;
  const { end, output } = await run(code, { limitMs: 2_000, graceMs: 100 });
  expect(end.kind).toBe('too long');
  const pid = Number(/started (\d+)/.exec(output)?.[1]);
  expect(pid).toBeGreaterThan(0);
  expect(commandOf(pid)).toBeUndefined();
});
