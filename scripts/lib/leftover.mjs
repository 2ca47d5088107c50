import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { step } from './log.mjs';
import { commandOf } from './process-table.mjs';

const STOP_PATIENCE_MS = 30_000;

/**
 * Sees to it that no server of an earlier start, ended by force, still uses the data, and that the lock file of one
 * that is gone does not keep a new one away. Only for a data folder that this process has claimed.
 * @param {string} name
 * @param {string} pidFile its first line is the server's process id
 * @param {string} mark what the server's command line holds and no other program's does
 * @param {NodeJS.Signals} stopSignal
 */
export async function endLeftover(name, pidFile, mark, stopSignal) {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  const isThere = () => (commandOf(pid) ?? '').includes(mark);
  if (isThere()) {
    step(name, `waiting for the server of an earlier start (process ${pid}) to end`);
    // Its keeper may have asked it already; to be asked again does not disturb it.
    process.kill(pid, stopSignal);
    await waitWhile(isThere, STOP_PATIENCE_MS);
    if (isThere())
      throw new Failure(`${name} of an earlier start (process ${pid}) does not end. Stop it and try again.`);
  }
  // By now the number may be any program's, which the server could not tell from its own.
  rmSync(pidFile, { force: true });
}

/**
 * @param {() => boolean} condition
 * @param {number} patienceMs
 */
async function waitWhile(condition, patienceMs) {
  const deadline = performance.now() + patienceMs;
  while (condition() && performance.now() < deadline) await sleep(50);
}
