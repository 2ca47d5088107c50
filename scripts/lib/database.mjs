import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';
import { hushErrors } from './hush-errors.mjs';
import { withOwnSecrets } from './own-secrets.mjs';
import { inRoot } from './paths.mjs';

/** The database of an installation that runs its own PostgreSQL. */
const DATABASE = 'meldesync';
/**
 * The roles that the migrations make, by who signs in as them.
 * @typedef {'app' | 'auth' | 'worker' | 'relay'} RoleUser
 */
/** @type {Record<RoleUser, string>} */
const ROLES = {
  app: 'meldesync_app',
  auth: 'meldesync_auth',
  worker: 'meldesync_worker',
  relay: 'meldesync_relay',
};

/**
 * @param {string} url
 * @param {(client: import('pg').Client) => Promise<void>} work
 */
async function withClient(url, work) {
  // Loaded late: before `npm ci` has run there is no such package.
  const { Client } = await import('pg');
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // What is asked next fails for it; unheard, the event itself would end the program.
  client.on('error', (error) => process.emitWarning(error));
  try {
    await client.connect();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`No connection to PostgreSQL at ${new URL(url).host}: ${reason}`);
  }
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Makes the installation's database if it is not there, and keeps what its statements hold out of the server's log.
 * @param {string} superuserUrl
 * @returns {Promise<string>} its owner's URL
 */
export async function ensureDatabase(superuserUrl) {
  await withClient(superuserUrl, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    await hushErrors(client, DATABASE);
  });
  const url = new URL(superuserUrl);
  url.pathname = `/${DATABASE}`;
  return url.href;
}

/**
 * @param {string} url
 * @throws {Failure} if the relay could not follow that server
 */
export async function requireLogicalReplication(url) {
  await withClient(url, async (client) => {
    const { rows } = await client.query('SHOW wal_level');
    if (rows[0]?.wal_level !== 'logical') {
      throw new Failure(
        `The PostgreSQL at ${new URL(url).host} has wal_level=${rows[0]?.wal_level}. MeldeSync follows its changes by logical replication: set wal_level=logical and restart it.`,
      );
    }
  });
}

/** What several starts that work for one installation have in common; of it all has to be given, where each would else make its own. */
const COMMON = /** @type {const} */ ([
  ['redisUrl', 'REDIS_URL'],
  ['authSecret', 'AUTH_SECRET'],
  ['appDbPassword', 'APP_DB_PASSWORD'],
  ['authDbPassword', 'AUTH_DB_PASSWORD'],
  ['workerDbPassword', 'WORKER_DB_PASSWORD'],
  ['relayDbPassword', 'RELAY_DB_PASSWORD'],
]);
/** The connections of a node that has just ended are gone by then. */
const FAREWELL_MS = 15_000;

/**
 * Sees that no other start works on a server with secrets of its own. The roles are the server's: this one would give them other passwords, and
 * nobody comes in there any more; with another Redis the two would not hear of each other.
 * @param {string} url the database, as its owner
 * @param {Partial<Record<(typeof COMMON)[number][0], string | undefined>>} settings
 * @param {number} [patienceMs] how long others may take to go
 * @throws {Failure} where one does
 */
export async function requireAlone(url, settings, patienceMs = FAREWELL_MS) {
  const missing = COMMON.filter(([key]) => settings[key] === undefined).map(([, name]) => name);
  if (missing.length === 0) return;
  await withClient(url, async (client) => {
    const until = performance.now() + patienceMs;
    for (;;) {
      const { rows } = await client.query(
        `SELECT DISTINCT application_name AS name, datname FROM pg_stat_activity
         WHERE usename = $1 AND application_name LIKE 'meldesync-%' AND (datname = current_database() OR $2) ORDER BY 1, 2`,
        [ROLES.app, settings.appDbPassword === undefined],
      );
      if (rows.length === 0) return;
      if (performance.now() > until)
        throw new Failure(
          `Another MeldeSync works on the PostgreSQL at ${new URL(url).host} (${rows.map(({ name, datname }) => `${name} in ${datname}`).join(', ')}), and this start would take its passwords away. Stop it; or, where both are to work together, give both the same ${missing.join(', ')}.`,
        );
      await sleep(250);
    }
  });
}

/**
 * Whether the owner of the tables may let another role replicate.
 * @param {string} ownerUrl
 */
export async function mayGrantReplication(ownerUrl) {
  let may = false;
  await withClient(ownerUrl, async (client) => {
    const { rows } = await client.query(`SELECT rolsuper OR (rolreplication AND rolcreaterole
      AND current_setting('server_version_num')::int >= 160000) AS may FROM pg_roles WHERE rolname = current_user`);
    may = rows[0]?.may === true;
  });
  return may;
}

/**
 * The URL of the same database for a role.
 * @param {string} ownerUrl
 * @param {RoleUser} who
 * @param {string} password
 */
export function roleUrl(ownerUrl, who, password) {
  const url = new URL(ownerUrl);
  url.username = ROLES[who];
  url.password = encodeURIComponent(password);
  return url.href;
}

/**
 * Brings the database's tables and roles up to date.
 * @param {string[]} program Node's arguments that run the migrations
 * @param {string} ownerUrl
 * @param {{ app: string, auth: string, worker: string, relay?: string }} passwords
 * @param {{ isAlone: boolean }} options no process of the release before can be at work on it
 */
export async function migrateDatabase(program, ownerUrl, passwords, { isAlone }) {
  const { AUDITOR_DB_PASSWORD: auditor } = process.env;
  await run('Migrating the database', process.execPath, isAlone ? [...program, '--contract'] : program, {
    env: {
      ...withOwnSecrets(process.env, undefined),
      ...(auditor ? { AUDITOR_DB_PASSWORD: auditor } : {}),
      DATABASE_URL: ownerUrl,
      APP_DB_PASSWORD: passwords.app,
      AUTH_DB_PASSWORD: passwords.auth,
      WORKER_DB_PASSWORD: passwords.worker,
      ...(passwords.relay === undefined ? {} : { RELAY_DB_PASSWORD: passwords.relay }),
      MIGRATIONS_DIR: inRoot('packages/db/migrations'),
    },
  });
}
