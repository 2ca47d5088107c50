import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { endLeftover } from './leftover.mjs';
import { since, step } from './log.mjs';
import { chooseLocalPort } from './ports.mjs';
import { lastingFolder, makeCluster, passingFolder, requireUsableCluster, saysReady } from './postgres-data.mjs';
import { ensurePostgresUser, postgresPrograms } from './postgres-programs.mjs';
import { startService } from './service.mjs';

/** @typedef {import('./stop-stack.mjs').StopStack} StopStack */

/** What the relay's logical replication and a whole test run at once need. */
const FLAGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  wal_level: 'logical',
  max_replication_slots: '40',
  max_wal_senders: '40',
  max_connections: '300',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** For data that goes after use: nothing need survive a crash of the machine. */
const PASSING_FLAGS = { fsync: 'off', full_page_writes: 'off' };

/**
 * @param {Record<string, string>} settings
 */
function flags(settings) {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/**
 * @param {StopStack} stack
 * @param {object} order
 * @param {import('./postgres-programs.mjs').Programs} order.programs
 * @param {import('./postgres-programs.mjs').User | undefined} order.user
 * @param {string} order.folder the cluster
 * @param {string} order.logFile
 * @param {number} order.port
 * @param {string} order.password
 * @param {Record<string, string>} order.settings
 * @param {string[]} order.removeFolders
 */
async function serve(stack, { programs, user, folder, logFile, port, password, settings, removeFolders }) {
  const service = startService(stack, 'postgres', {
    command: programs.postgres,
    args: ['-D', folder, '-p', String(port), ...flags(settings)],
    cwd: '/',
    ...(user ? { user } : {}),
    logFile,
    stopSignal: 'SIGINT',
    killSignal: 'SIGQUIT',
    graceMs: 30_000,
    removeFolders,
  });
  await service.waitUntil(() => saysReady(folder), 60_000);
  return `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
}

/**
 * Starts the PostgreSQL of a data folder that this process has claimed; it keeps its data.
 * @param {StopStack} stack
 * @param {{ dataDir: string, installation: string, password: string, choosePort: () => Promise<number> }} order
 * @returns {Promise<string>} the superuser's URL of the database postgres
 */
export async function startLastingPostgres(stack, { dataDir, installation, password, choosePort }) {
  const startedMs = performance.now();
  const user = ensurePostgresUser();
  const programs = postgresPrograms(user);
  const folder = lastingFolder(dataDir, installation, user);
  if (existsSync(folder)) {
    requireUsableCluster(folder, user, programs.version);
    await endLeftover('postgres', join(folder, 'postmaster.pid'), folder, 'SIGINT');
  } else {
    step('postgres', `making a database in ${folder}`);
    await makeCluster(programs, folder, user, password, { durable: true });
  }
  const logFile = join(dataDir, 'logs/postgres.log');
  const port = await choosePort();
  const url = await serve(stack, {
    programs,
    user,
    folder,
    logFile,
    port,
    password,
    settings: FLAGS,
    removeFolders: [],
  });
  step('postgres', `PostgreSQL ${programs.version} on 127.0.0.1:${port}, ${since(startedMs)}`);
  return url;
}

/**
 * Starts a PostgreSQL that is gone with all its data when it stops.
 * @param {StopStack} stack
 * @param {{ durable: boolean }} order whether it writes as carefully as a lasting one: for measuring
 * @returns {Promise<string>} the superuser's URL of the database postgres
 */
export async function startPassingPostgres(stack, { durable }) {
  const user = ensurePostgresUser();
  const programs = postgresPrograms(user);
  const home = passingFolder(user);
  const folder = join(home, 'data');
  const password = 'postgres';
  await makeCluster(programs, folder, user, password, { durable });
  const port = await chooseLocalPort(undefined);
  const settings = durable ? FLAGS : { ...FLAGS, ...PASSING_FLAGS };
  const logFile = join(home, 'postgres.log');
  return serve(stack, { programs, user, folder, logFile, port, password, settings, removeFolders: [home] });
}
