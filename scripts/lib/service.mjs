import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { inRoot } from './paths.mjs';

/**
 * What the keeper process is told to run.
 * @typedef {object} KeeperOrder
 * @property {string} command
 * @property {string[]} args
 * @property {string} cwd
 * @property {{ uid: number, gid: number }} [user] whom to run it as, where that is not us
 * @property {string} logFile where the service's output is appended
 * @property {NodeJS.Signals} stopSignal asks for a proper end
 * @property {NodeJS.Signals} killSignal asks for a quick end that leaves the data sound
 * @property {number} graceMs how long a proper end may take
 * @property {string[]} removeFolders what to delete after the end
 */

/**
 * @typedef {object} Service
 * @property {string} name
 * @property {() => boolean} isRunning
 * @property {() => Promise<void>} stop
 * @property {(isReady: () => boolean | Promise<boolean>, patienceMs: number) => Promise<void>} waitUntil
 *   resolves when `isReady` says so; a Failure with the end of the log if the service ends first or takes too long
 */

/**
 * @param {string} file
 * @param {number} lines
 */
function tail(file, lines) {
  if (!existsSync(file)) return '';
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

/**
 * Starts a service under a keeper and puts it on the stack, before it is ready.
 * @param {import('./stop-stack.mjs').StopStack} stack
 * @param {string} name
 * @param {KeeperOrder} order
 * @returns {Service}
 */
export function startService(stack, name, order) {
  const keeper = spawn(process.execPath, [inRoot('scripts/lib/keeper.mjs'), JSON.stringify(order)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  let running = true;
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    const end = () => {
      running = false;
      resolve();
    };
    keeper.on('exit', end);
    keeper.on('error', end);
  });
  const failure = () => new Failure(`${name} ended. The last lines of ${order.logFile}:\n${tail(order.logFile, 12)}`);

  let isReady = false;
  keeper.on('exit', () => {
    if (isReady) stack.reportFailure(failure());
  });

  const stop = async () => {
    keeper.stdin.destroy();
    await ended;
  };
  stack.push({ name, stop, kill: () => void keeper.kill('SIGTERM') });

  return {
    name,
    isRunning: () => running,
    stop,
    async waitUntil(check, patienceMs) {
      const deadline = performance.now() + patienceMs;
      while (!(await check())) {
        if (!running) throw failure();
        if (performance.now() > deadline) {
          throw new Failure(
            `${name} was not ready after ${patienceMs / 1000} s. The last lines of ${order.logFile}:\n${tail(order.logFile, 12)}`,
          );
        }
        await sleep(25);
      }
      isReady = true;
    },
  };
}
