import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { inRoot } from './paths.mjs';

/** @typedef {import('./supervise/supervise.mjs').Child} Child */

/**
 * What the keeper process is told to run.
 * @typedef {object} KeeperOrder
 * @property {string} command
 * @property {string[]} args
 * @property {string} cwd
 * @property {Record<string, string>} [environment] settings besides ours; everybody on the machine can read them
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
 * The sentence for a service that ended, with its last words.
 * @param {string} name
 * @param {string} logFile
 */
export function describeServiceEnd(name, logFile) {
  return `${name} ended. The last lines of ${logFile}:\n${tail(logFile, 12)}`;
}

/**
 * Starts a service under a keeper.
 * @param {KeeperOrder} order
 * @returns {Child}
 */
export function startKept(order) {
  const keeper = spawn(process.execPath, [inRoot('scripts/lib/keeper.mjs'), JSON.stringify(order)], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  /** @type {Promise<string>} */
  const ended = new Promise((resolve) => {
    const said = text(keeper.stdout);
    keeper.on('error', (error) => resolve(`could not be started: ${error.message}`));
    keeper.on('exit', (code, signal) => {
      const how = signal === null ? `exit code ${code}` : `its keeper: ${signal}`;
      said.then(
        (service) => resolve(service === '' ? how : service),
        () => resolve(how),
      );
    });
  });
  return { ended, stop: () => void keeper.stdin.destroy(), kill: () => void keeper.kill('SIGTERM') };
}

/**
 * Starts a service under a keeper and puts it on the stack, before it is ready. It is not started again when it ends:
 * that is a failure of what uses it.
 * @param {import('./stop-stack.mjs').StopStack} stack
 * @param {string} name
 * @param {KeeperOrder} order
 * @returns {Service}
 */
export function startService(stack, name, order) {
  const kept = startKept(order);
  const failure = () => new Failure(describeServiceEnd(name, order.logFile));
  let running = true;
  let isReady = false;
  const ended = kept.ended.then(() => {
    running = false;
    if (isReady) stack.reportFailure(failure());
  });
  const stop = () => {
    kept.stop();
    return ended;
  };
  stack.push({ name, stop, kill: kept.kill });

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
