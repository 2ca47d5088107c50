import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { endLeftover } from './leftover.mjs';
import { since, step } from './log.mjs';
import { chooseLocalPort } from './ports.mjs';
import { redisUrlAs, redisUsersFile } from './redis-users.mjs';
import { describeServiceEnd, startKept, startService } from './service.mjs';
import { pushTogether, supervise } from './supervise/supervise.mjs';

/** @typedef {import('./stop-stack.mjs').StopStack} StopStack */

const START_PATIENCE_MS = 60_000;

/** How a Redis is asked to end. */
const SIGNALS = /** @type {const} */ ({ stopSignal: 'SIGTERM', killSignal: 'SIGKILL', graceMs: 10_000 });

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
 * Writes the configuration of a Redis, and says how the keeper runs it.
 * @param {object} order
 * @param {string} order.program
 * @param {string} order.folder
 * @param {string} order.logFile
 * @param {number} order.port
 * @param {string | undefined} order.users its users, in the words of an ACL file; everybody may everything without them
 * @param {string[]} order.settings lines of its configuration
 * @param {string[]} order.removeFolders
 * @returns {import('./service.mjs').KeeperOrder}
 */
function keeperOrder({ program, folder, logFile, port, users, settings, removeFolders }) {
  const file = join(folder, 'redis.conf');
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir "${folder}"`,
    'daemonize no',
    'save ""',
    `pidfile "${pidFile(folder)}"`,
    'proc-title-template "{title} {listen-addr} {config-file}"',
    ...(users === undefined ? [] : [`aclfile "${usersFile(folder)}"`]),
    ...settings,
  ];
  // Files, because everyone can read a process's arguments.
  if (users !== undefined) writeFileSync(usersFile(folder), users, { mode: 0o600 });
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return {
    command: program,
    args: [file],
    cwd: folder,
    logFile,
    ...SIGNALS,
    removeFolders,
  };
}

/** @param {string} folder */
const pidFile = (folder) => join(folder, 'redis.pid');
/** @param {string} folder */
const usersFile = (folder) => join(folder, 'users.acl');

/** @param {number} port */
function redisUrl(port) {
  return `redis://127.0.0.1:${port}`;
}

/**
 * Starts the Redis of a data folder that this process has claimed; it keeps its data. If it ends, it is started again
 * on the same port.
 * @param {StopStack} stack
 * @param {object} order
 * @param {string} order.program
 * @param {string} order.dataDir
 * @param {string} order.prefix of all keys
 * @param {string} order.password of who may everything
 * @param {Record<import('./redis-users.mjs').RedisRole, string>} order.passwords of those who may what their process does
 * @param {() => Promise<number>} order.choosePort
 * @returns {Promise<Record<import('./redis-users.mjs').RedisRole, string>>} its URL, as each of them
 */
export async function startLastingRedis(stack, { program, dataDir, prefix, password, passwords, choosePort }) {
  const startedMs = performance.now();
  const folder = join(dataDir, 'redis');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const endEarlier = () => endLeftover({ name: 'redis', pidFile: pidFile(folder), mark: folder, ...SIGNALS });
  await endEarlier();
  const settings = ['appendonly yes', 'appendfsync everysec'];
  const logFile = join(dataDir, 'logs/redis.log');
  const port = await choosePort();
  const users = redisUsersFile(prefix, passwords, password);
  const order = keeperOrder({ program, folder, logFile, port, users, settings, removeFolders: [] });
  const redis = supervise({
    name: 'redis',
    start: async () => {
      await endEarlier();
      return startKept(order);
    },
    whyNotReady: async () => ((await answers(port, password)) ? undefined : `see ${logFile}`),
    describeFailure: () => describeServiceEnd('redis', logFile),
  });
  pushTogether(stack, [redis]);
  await redis.ready;
  step('redis', `${program} on 127.0.0.1:${port}, ${since(startedMs)}`);
  /** @param {import('./redis-users.mjs').RedisRole} role */
  const urlAs = (role) => redisUrlAs(redisUrl(port), role, passwords[role]);
  return { node: urlAs('node'), relay: urlAs('relay'), worker: urlAs('worker') };
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
  const order = keeperOrder({
    program,
    folder,
    logFile,
    port,
    users: undefined,
    settings: [],
    removeFolders: [folder],
  });
  await startService(stack, 'redis', order).waitUntil(() => answers(port, undefined), START_PATIENCE_MS);
  return redisUrl(port);
}
