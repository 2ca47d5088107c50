import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { step } from './log.mjs';
import { commandOf, worksIn } from './process-table.mjs';

const KILL_PATIENCE_MS = 30_000;

/**
 * @typedef {object} Leftover
 * @property {string} name
 * @property {string} pidFile its first line is the process id
 * @property {string} mark what its command line holds and no other program's does
 * @property {NodeJS.Signals} stopSignal asks for a proper end
 * @property {number} graceMs how long a proper end may take
 * @property {NodeJS.Signals} killSignal asks for a quick end that leaves the data sound
 * @property {{ folder: string, title: string }} [workers] processes that it made and that may outlive it: the folder
 *   they work in, and how their command lines begin
 */

/**
 * Sees to it that nothing of an earlier start, or of a server that was ended by force, still uses the data, and that
 * the lock file of one that is gone does not keep a new one away. Only for a data folder that this process has claimed.
 * @param {Leftover} leftover
 */
export async function endLeftover({ name, pidFile, mark, stopSignal, graceMs, killSignal, workers }) {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  const isThere = () => (commandOf(pid) ?? '').includes(mark);
  if (isThere()) {
    step(name, `waiting for the one that was started earlier (process ${pid}) to end`);
    // Its keeper may have asked it already; to be asked again does not disturb it.
    process.kill(pid, stopSignal);
    await waitWhile(isThere, graceMs);
    if (isThere()) process.kill(pid, killSignal);
    await waitWhile(isThere, KILL_PATIENCE_MS);
    if (isThere())
      throw new Failure(`${name} of an earlier start (process ${pid}) does not end. Stop it and try again.`);
  }
  if (workers !== undefined) {
    // The server processes of a killed PostgreSQL end by themselves once they notice. Without its lock file the next one
    // could not tell that they still write.
    const work = () => worksIn(workers.folder, workers.title);
    await waitWhile(work, KILL_PATIENCE_MS);
    if (work()) throw new Failure(`Processes of an earlier ${name} still work in ${workers.folder}.`);
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
