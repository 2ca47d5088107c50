import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { endLeftover } from './leftover.mjs';
import { since, step } from './log.mjs';
import { chooseLocalPort } from './ports.mjs';
import {
  lastingFolder,
  makeCluster,
  passingFolder,
  requireUsableCluster,
  saysReady,
  saysStandby,
  saysStopping,
} from './postgres-data.mjs';
import { ensurePostgresUser, postgresPrograms } from './postgres-programs.mjs';
import { describeServiceEnd, startKept, startService } from './service.mjs';
import { pushTogether, supervise } from './supervise/supervise.mjs';

/** @typedef {import('./stop-stack.mjs').StopStack} StopStack */

/**
 * Neither statements nor their parameters, rows or lines of a copy get into the log, whatever fails: they hold case ids and
 * Vorgangsnummern. The first line of an error may quote too; `hushErrors` keeps it out.
 */
export const DISCREET_LOG = {
  log_statement: 'none',
  log_min_error_statement: 'panic',
  log_min_duration_statement: '-1',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
};

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
  ...DISCREET_LOG,
};

/** For data that goes after use: nothing need survive a crash of the machine. */
const PASSING_FLAGS = { fsync: 'off', full_page_writes: 'off' };

/**
 * How long a proper end may take before it is a quick one, which loses nothing either. Short, since the log's reader may
 * hold it up with what it has not confirmed.
 */
const LASTING_GRACE_MS = 5_000;
const PASSING_GRACE_MS = 30_000;

/**
 * @param {Record<string, string>} settings
 */
function flags(settings) {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** The programs do not take longer than this to be up on data that is sound. */
const START_PATIENCE_MS = 60_000;

/**
 * What the keeper runs.
 * @param {object} order
 * @param {import('./postgres-programs.mjs').Programs} order.programs
 * @param {import('./postgres-programs.mjs').User | undefined} order.user
 * @param {string} order.folder the cluster
 * @param {string} order.logFile
 * @param {number} order.port
 * @param {Record<string, string>} order.settings
 * @param {number} order.graceMs
 * @param {string[]} order.removeFolders
 * @returns {import('./service.mjs').KeeperOrder}
 */
function keeperOrder({ programs, user, folder, logFile, port, settings, graceMs, removeFolders }) {
  return {
    command: programs.postgres,
    args: ['-D', folder, '-p', String(port), ...flags(settings)],
    cwd: '/',
    ...(user ? { user } : {}),
    logFile,
    stopSignal: 'SIGINT',
    killSignal: 'SIGQUIT',
    graceMs,
    removeFolders,
  };
}

/**
 * @param {string} password
 * @param {number} port
 */
function superuserUrl(password, port) {
  return `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
}

/**
 * Starts the PostgreSQL of a data folder that this process has claimed; it keeps its data. If it ends, it is started
 * again on the same port.
 * @param {StopStack} stack
 * @param {{ dataDir: string, installation: string, password: string, choosePort: () => Promise<number> }} order
 * @returns {Promise<string>} the superuser's URL of the database postgres
 */
export async function startLastingPostgres(stack, { dataDir, installation, password, choosePort }) {
  const startedMs = performance.now();
  const user = ensurePostgresUser();
  const programs = postgresPrograms(user);
  const folder = lastingFolder(dataDir, installation, user);
  const endEarlier = () =>
    endLeftover({
      name: 'postgres',
      pidFile: join(folder, 'postmaster.pid'),
      mark: folder,
      stopSignal: 'SIGINT',
      graceMs: LASTING_GRACE_MS,
      killSignal: 'SIGQUIT',
      workers: { folder, title: 'postgres: ' },
    });
  if (existsSync(folder)) {
    requireUsableCluster(folder, user, programs.version);
    await endEarlier();
  } else {
    step('postgres', `making a database in ${folder}`);
    await makeCluster(programs, folder, user, password, { durable: true });
  }
  const logFile = join(dataDir, 'logs/postgres.log');
  const port = await choosePort();
  const graceMs = LASTING_GRACE_MS;
  const order = keeperOrder({ programs, user, folder, logFile, port, settings: FLAGS, graceMs, removeFolders: [] });
  const postgres = supervise({
    name: 'postgres',
    start: async () => {
      await endEarlier();
      return startKept(order);
    },
    whyNotReady: async () => (saysReady(folder) ? undefined : `see ${logFile}`),
    // SIGTERM alone makes it wait for its clients, who stay, and take no new ones.
    whyReplace: () => (saysStopping(folder) ? 'is shutting down' : undefined),
    describeFailure: () => describeServiceEnd('postgres', logFile),
  });
  pushTogether(stack, [postgres]);
  await postgres.ready;
  step('postgres', `PostgreSQL ${programs.version} on 127.0.0.1:${port}, ${since(startedMs)}`);
  return superuserUrl(password, port);
}

/**
 * The data of a PostgreSQL that goes after use, and how it is started on it.
 * @typedef {object} PassingData
 * @property {string} home what goes in the end
 * @property {string} folder the cluster, below it
 * @property {import('./postgres-programs.mjs').User | undefined} user whose it is
 * @property {number} port
 * @property {string} url the superuser's, of the database postgres
 * @property {(stack: StopStack, removeFolders: string[]) => Promise<import('./service.mjs').Service>} start resolves once it
 *   takes connections, also where it only follows another server
 */

/**
 * Makes an empty database cluster for a PostgreSQL that goes after use.
 * @param {object} order
 * @param {boolean} order.durable whether it writes as carefully as a lasting one: for measuring
 * @param {import('./postgres-programs.mjs').Programs} [order.programs] others than those that npm brings
 * @returns {Promise<PassingData>}
 */
export async function makePassingData({ durable, programs: given }) {
  const user = ensurePostgresUser();
  const programs = given ?? postgresPrograms(user);
  const home = passingFolder(user);
  const folder = join(home, 'data');
  const password = 'postgres';
  await makeCluster(programs, folder, user, password, { durable });
  const port = await chooseLocalPort(undefined);
  const settings = durable ? FLAGS : { ...FLAGS, ...PASSING_FLAGS };
  const logFile = join(home, 'postgres.log');
  return {
    home,
    folder,
    user,
    port,
    url: superuserUrl(password, port),
    async start(stack, removeFolders) {
      const graceMs = PASSING_GRACE_MS;
      const order = keeperOrder({ programs, user, folder, logFile, port, settings, graceMs, removeFolders });
      const service = startService(stack, 'postgres', order);
      await service.waitUntil(() => saysReady(folder) || saysStandby(folder), START_PATIENCE_MS);
      return service;
    },
  };
}

/**
 * Starts a PostgreSQL that is gone with all its data when it stops.
 * @param {StopStack} stack
 * @param {Parameters<typeof makePassingData>[0]} order
 * @returns {Promise<string>} the superuser's URL of the database postgres
 */
export async function startPassingPostgres(stack, order) {
  const data = await makePassingData(order);
  await data.start(stack, [data.home]);
  return data.url;
}
