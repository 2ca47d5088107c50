import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endLeftover } from './leftover.mjs';
import { paint } from './log.mjs';
import { inRoot } from './paths.mjs';
import { pushTogether, supervise } from './supervise/supervise.mjs';

/**
 * @typedef {object} AppOrder
 * @property {string} name shown before each line that it writes
 * @property {string[]} program Node's arguments
 * @property {NodeJS.ProcessEnv} environment
 * @property {string} readyUrl answers with 200 once the app can do its work
 */

/** How long an app may take to drain its connections. */
const GRACE_MS = 15_000;
const ANSWER_MS = 2_000;
const STYLES = /** @type {const} */ (['cyan', 'magenta', 'green', 'yellow', 'blue']);
/** In the command line of every app of this checkout, and of no other program. */
const EXIT_WITH_OWNER = inRoot('scripts/lib/exit-with-owner.mjs');

/**
 * @param {import('node:stream').Readable | null} from
 * @param {NodeJS.WriteStream} to
 * @param {string} prefix
 */
function prefixLines(from, to, prefix) {
  if (!from) return;
  createInterface({ input: from, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) =>
    to.write(`${prefix}${line}\n`),
  );
}

/**
 * @param {AppOrder} order
 * @param {string} prefix
 * @param {string} pidFile
 * @returns {import('./supervise/supervise.mjs').Child}
 */
function startApp({ program, environment }, prefix, pidFile) {
  // In its own process group: a terminal's Ctrl-C must not reach it before and besides ours.
  const child = spawn(process.execPath, ['--import', EXIT_WITH_OWNER, ...program], {
    detached: true,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const { pid } = child;
  if (pid !== undefined) writeFileSync(pidFile, `${pid}\n`);
  prefixLines(child.stdout, process.stdout, prefix);
  prefixLines(child.stderr, process.stderr, prefix);

  // Switches what it logs.
  const passHangup = () => void child.kill('SIGHUP');
  process.on('SIGHUP', passHangup);
  const kill = () => {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  };
  /** @type {NodeJS.Timeout | undefined} */
  let grace;
  /** @type {Promise<string>} */
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve(`could not be started: ${error.message}`));
    // What it started itself would keep its output open, and work on beside the next one.
    child.on('exit', kill);
    child.on('close', (code, signal) => {
      clearTimeout(grace);
      process.off('SIGHUP', passHangup);
      rmSync(pidFile, { force: true });
      resolve(signal ?? `exit code ${code}`);
    });
  });
  return {
    ended,
    kill,
    stop: () => {
      child.kill('SIGTERM');
      grace ??= setTimeout(kill, GRACE_MS);
    },
  };
}

/**
 * Asks an address whether what serves it can do its work.
 * @param {string} url
 * @returns {Promise<string | undefined>} what it says instead of yes
 */
export async function whyNotReady(url) {
  const abort = new AbortController();
  // The timer of AbortSignal.timeout holds no process, nor does a fetch from what hangs up: it would end with the answer open.
  const timer = setTimeout(() => abort.abort(new Error(`nothing within ${ANSWER_MS / 1000} s`)), ANSWER_MS);
  try {
    const response = await fetch(url, { signal: abort.signal });
    const text = await response.text();
    return response.ok ? undefined : `${url} answers ${response.status} ${text.slice(0, 500)}`;
  } catch (error) {
    return `${url} does not answer: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string} dataDir */
const pidFolder = (dataDir) => join(dataDir, 'apps');

/**
 * The process id of an app, undefined while none runs.
 * @param {string} dataDir
 * @param {string} name
 */
export function appPid(dataDir, name) {
  const file = join(pidFolder(dataDir), `${name}.pid`);
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) || undefined : undefined;
}

/**
 * Starts apps, and starts each again that ends.
 * @param {import('./stop-stack.mjs').StopStack} stack
 * @param {string} dataDir that this process has claimed
 * @param {AppOrder[]} orders
 * @returns {import('./supervise/supervise.mjs').Supervised[]}
 */
export function startApps(stack, dataDir, orders) {
  mkdirSync(pidFolder(dataDir), { recursive: true });
  const width = Math.max(...orders.map(({ name }) => name.length));
  const apps = orders.map((order, index) => {
    const prefix = paint(STYLES[index % STYLES.length] ?? 'dim', `${order.name.padEnd(width)} | `);
    const pidFile = join(pidFolder(dataDir), `${order.name}.pid`);
    return supervise({
      name: order.name,
      start: async () => startApp(order, prefix, pidFile),
      whyNotReady: () => whyNotReady(order.readyUrl),
    });
  });
  pushTogether(stack, apps);
  return apps;
}

/**
 * Waits for the apps of an earlier start, ended by force, to end: they hold the port, and would serve beside ours.
 * @param {string} dataDir that this process has claimed
 */
export async function endLeftoverApps(dataDir) {
  const folder = pidFolder(dataDir);
  mkdirSync(folder, { recursive: true });
  const endings = readdirSync(folder).map((file) =>
    endLeftover({
      name: file.replace(/\.pid$/, ''),
      pidFile: join(folder, file),
      mark: EXIT_WITH_OWNER,
      stopSignal: 'SIGTERM',
      graceMs: GRACE_MS,
      killSignal: 'SIGKILL',
    }),
  );
  await Promise.all(endings);
}
