import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { endLeftover } from './leftover.mjs';
import { since, step } from './log.mjs';
import { chooseLocalPort } from './ports.mjs';
import { startService } from './service.mjs';

/** @typedef {import('./stop-stack.mjs').StopStack} StopStack */

/**
 * Whether a Redis answers there, with its data loaded.
 * @param {number} port
 * @param {string | undefined} password
 * @returns {Promise<boolean>}
 */
function answers(port, password) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    /** @param {boolean} result */
    const end = (result) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.on('error', () => end(false));
    socket.on('close', () => resolve(false));
    socket.on('connect', () => socket.write(`${password === undefined ? '' : `AUTH ${password}\r\n`}PING\r\n`));
    socket.on('data', (data) => {
      received += data.toString();
      if (received.includes('+PONG\r\n')) end(true);
      else if (/^-(LOADING|NOAUTH|WRONGPASS)/m.test(received)) end(false);
    });
  });
}

/**
 * @param {string} url `redis://…` or `rediss://…`
 * @throws {Failure} if nothing listens there
 */
export async function requireRedis(url) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port || 6379), hostname);
  socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')));
  try {
    await once(socket, 'connect');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`No connection to the Redis at ${hostname}:${port || 6379}, which REDIS_URL names: ${reason}`);
  } finally {
    socket.destroy();
  }
}

/**
 * @param {StopStack} stack
 * @param {object} order
 * @param {string} order.program
 * @param {string} order.folder
 * @param {string} order.logFile
 * @param {number} order.port
 * @param {string | undefined} order.password
 * @param {string[]} order.settings lines of its configuration
 * @param {string[]} order.removeFolders
 */
async function serve(stack, { program, folder, logFile, port, password, settings, removeFolders }) {
  const file = join(folder, 'redis.conf');
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir "${folder}"`,
    'daemonize no',
    'save ""',
    `pidfile "${join(folder, 'redis.pid')}"`,
    'proc-title-template "{title} {listen-addr} {config-file}"',
    ...(password === undefined ? [] : [`requirepass ${password}`]),
    ...settings,
  ];
  // The configuration is a file because everyone can read a process's arguments.
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  const service = startService(stack, 'redis', {
    command: program,
    args: [file],
    cwd: folder,
    logFile,
    stopSignal: 'SIGTERM',
    killSignal: 'SIGKILL',
    graceMs: 10_000,
    removeFolders,
  });
  await service.waitUntil(() => answers(port, password), 60_000);
  return `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`;
}

/**
 * Starts the Redis of a data folder that this process has claimed; it keeps its data.
 * @param {StopStack} stack
 * @param {{ program: string, dataDir: string, password: string, choosePort: () => Promise<number> }} order
 * @returns {Promise<string>} its URL
 */
export async function startLastingRedis(stack, { program, dataDir, password, choosePort }) {
  const startedMs = performance.now();
  const folder = join(dataDir, 'redis');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await endLeftover('redis', join(folder, 'redis.pid'), folder, 'SIGTERM');
  const settings = ['appendonly yes', 'appendfsync everysec'];
  const logFile = join(dataDir, 'logs/redis.log');
  const port = await choosePort();
  const url = await serve(stack, { program, folder, logFile, port, password, settings, removeFolders: [] });
  step('redis', `${program} on 127.0.0.1:${port}, ${since(startedMs)}`);
  return url;
}

/**
 * Starts a Redis that is gone with all its data when it stops.
 * @param {StopStack} stack
 * @param {{ program: string }} order
 * @returns {Promise<string>} its URL
 */
export async function startPassingRedis(stack, { program }) {
  const folder = mkdtempSync(join(tmpdir(), 'meldesync-redis-'));
  const port = await chooseLocalPort(undefined);
  const logFile = join(folder, 'redis.log');
  return serve(stack, { program, folder, logFile, port, password: undefined, settings: [], removeFolders: [folder] });
}
