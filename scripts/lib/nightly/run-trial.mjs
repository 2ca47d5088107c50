import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** How long a trial may take to end once it was asked to. */
const GRACE_MS = 60_000;

/**
 * Runs a trial's program to its end, or to the end of its time.
 * @param {import('../stop-stack.mjs').StopStack} stack
 * @param {Pick<import('./trials.mjs').Trial, 'name' | 'program' | 'environment' | 'limitMs'>} trial
 * @param {string} logFile where all that it writes goes
 * @param {number} [graceMs]
 * @returns {Promise<{ end: import('./verdict.mjs').End, output: string }>}
 */
export async function runTrial(stack, { name, program, environment, limitMs }, logFile, graceMs = GRACE_MS) {
  // In its own process group, so that all of it can be ended.
  const child = spawn(process.execPath, program, {
    detached: true,
    env: { ...process.env, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(logFile);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      log.write(text);
      output += text;
    });
  }
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  };
  /** @type {NodeJS.Timeout | undefined} */
  let grace;
  const ask = () => {
    child.kill('SIGTERM');
    grace ??= setTimeout(kill, graceMs);
  };
  let isTooLong = false;
  const limit = setTimeout(() => {
    isTooLong = true;
    ask();
  }, limitMs);
  /** @type {Promise<import('./verdict.mjs').End>} */
  const ended = new Promise((resolve) => {
    // What it leaves behind when it was killed would hold its output open.
    child.on('exit', kill);
    child.on('error', (error) => {
      output += error.message;
      resolve({ kind: 'exit', code: 127 });
    });
    child.on('close', (code, signal) =>
      resolve(signal === null ? { kind: 'exit', code: code ?? 1 } : { kind: 'signal', signal }),
    );
  });
  stack.push({
    name,
    stop: async () => {
      ask();
      await ended;
    },
    kill,
  });
  const end = await ended;
  clearTimeout(limit);
  clearTimeout(grace);
  log.end();
  await finished(log);
  return { end: isTooLong ? { kind: 'too long', limitMs } : end, output };
}
