import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Failure } from './failure.mjs';
import { paint } from './log.mjs';
import { inRoot } from './paths.mjs';

/**
 * @typedef {object} AppOrder
 * @property {string} name shown before each line that it writes
 * @property {string[]} program Node's arguments
 * @property {NodeJS.ProcessEnv} environment
 */

/** How long an app may take to drain its connections. */
const GRACE_MS = 15_000;
const STYLES = /** @type {const} */ (['cyan', 'magenta', 'green', 'yellow', 'blue']);

/**
 * @param {import('node:stream').Readable} from
 * @param {NodeJS.WriteStream} to
 * @param {string} prefix
 */
function prefixLines(from, to, prefix) {
  createInterface({ input: from, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) =>
    to.write(`${prefix}${line}\n`),
  );
}

/**
 * @param {AppOrder} order
 * @param {string} prefix
 * @param {(error: Failure) => void} onEnd told when it ends, wanted or not
 */
function startApp({ name, program, environment }, prefix, onEnd) {
  // In its own process group: a terminal's Ctrl-C must not reach it before and besides ours.
  const child = spawn(process.execPath, ['--import', inRoot('scripts/lib/exit-with-owner.mjs'), ...program], {
    detached: true,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  if (child.stdout) prefixLines(child.stdout, process.stdout, prefix);
  if (child.stderr) prefixLines(child.stderr, process.stderr, prefix);

  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    child.on('close', (code, signal) => {
      resolve();
      onEnd(new Failure(`${name} ended by itself (${signal ?? `exit code ${code}`}). Its last lines above say why.`));
    });
    child.on('error', (error) => {
      resolve();
      onEnd(new Failure(`${name} could not be started: ${error.message}`));
    });
  });

  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  };
  return {
    kill,
    async stop() {
      const timer = setTimeout(kill, GRACE_MS);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    },
  };
}

/**
 * Starts apps that are to run until everything stops; one that ends by itself is a failure.
 * @param {import('./stop-stack.mjs').StopStack} stack
 * @param {AppOrder[]} orders
 */
export function startApps(stack, orders) {
  const width = Math.max(...orders.map(({ name }) => name.length));
  const apps = orders.map((order, index) => {
    const prefix = paint(STYLES[index % STYLES.length] ?? 'dim', `${order.name.padEnd(width)} | `);
    return startApp(order, prefix, (error) => stack.reportFailure(error));
  });
  stack.push({
    name: orders.map(({ name }) => name).join(', '),
    stop: async () => void (await Promise.all(apps.map((app) => app.stop()))),
    kill: () => {
      for (const app of apps) app.kill();
    },
  });
}
