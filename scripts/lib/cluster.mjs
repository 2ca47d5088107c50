import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApps } from './app-process.mjs';
import { run } from './command.mjs';
import { chooseServicePort, readSecrets } from './data-folder.mjs';
import { appRoleUrl, ensureDatabase, migrateDatabase, requireLogicalReplication } from './database.mjs';
import { Failure } from './failure.mjs';
import { step, useColor } from './log.mjs';
import { DIST } from './paths.mjs';
import { startLastingPostgres } from './postgres.mjs';
import { requireRedis, startLastingRedis } from './redis.mjs';
import { ensureRedisServer } from './redis-server.mjs';

/** @typedef {import('./stop-stack.mjs').StopStack} StopStack */
/** @typedef {import('./settings.mjs').Settings} Settings */
/** @typedef {import('./programs.mjs').ProgramName} ProgramName */
/** @typedef {{ email: string, password: string, role?: string }} Account */

/**
 * What the apps work with.
 * @typedef {object} Backing
 * @property {string} ownerUrl the database, as its owner
 * @property {string} appUrl the database, as the role of sync nodes and workers
 * @property {string} appPassword of that role
 * @property {string} redisUrl
 * @property {string} authSecret
 */

/** The sync nodes of a cluster; they share one port. */
const SYNC_NODES = ['node-1', 'node-2'];
const READY_PATIENCE_MS = 60_000;

/**
 * Brings up Postgres and Redis, or takes the servers that the settings name.
 * @param {StopStack} stack
 * @param {Settings} settings whose data folder this process has claimed
 * @returns {Promise<Backing>}
 */
export async function startBacking(stack, settings) {
  const secrets = readSecrets(settings.dataDir);
  const appPassword = settings.appDbPassword ?? secrets.appDbPassword;
  const ownerUrl = settings.databaseUrl ?? (await ownDatabase(stack, settings, secrets));
  await requireLogicalReplication(ownerUrl);
  if (settings.redisUrl !== undefined) await requireRedis(settings.redisUrl);
  const redisUrl = settings.redisUrl ?? (await ownRedis(stack, settings, secrets));
  return {
    ownerUrl,
    appUrl: appRoleUrl(ownerUrl, appPassword),
    appPassword,
    redisUrl,
    authSecret: settings.authSecret ?? secrets.authSecret,
  };
}

/**
 * @param {StopStack} stack
 * @param {Settings} settings
 * @param {import('./data-folder.mjs').Secrets} secrets
 */
async function ownDatabase(stack, { dataDir, postgresPort }, { installation, postgresPassword }) {
  const superuserUrl = await startLastingPostgres(stack, {
    dataDir,
    installation,
    password: postgresPassword,
    choosePort: () => chooseServicePort(dataDir, 'postgres', postgresPort),
  });
  return ensureDatabase(superuserUrl);
}

/**
 * @param {StopStack} stack
 * @param {Settings} settings
 * @param {import('./data-folder.mjs').Secrets} secrets
 */
async function ownRedis(stack, { dataDir, redisPort }, { redisPassword }) {
  return startLastingRedis(stack, {
    program: await ensureRedisServer(),
    dataDir,
    password: redisPassword,
    choosePort: () => chooseServicePort(dataDir, 'redis', redisPort),
  });
}

/**
 * Brings the tables up to date and adds the demo data, if it is wanted and not there.
 * @param {Settings} settings
 * @param {Backing} backing
 * @param {(name: ProgramName) => string[]} program Node's arguments that run a program
 * @returns {Promise<Account[]>} the demo accounts
 */
export async function prepareData(settings, backing, program) {
  step('database', 'migrations');
  await migrateDatabase(program('migrate'), backing.ownerUrl, backing.appPassword);
  if (!settings.seedDemo) return [];
  step('database', 'demo data');
  const environment = appEnvironment(settings, backing, { name: 'seed-demo' });
  const output = await run('Adding the demo data', process.execPath, program('seed-demo'), { env: environment });
  return JSON.parse(output).accounts;
}

/**
 * @param {Settings} settings
 * @param {Backing} backing
 * @param {{ name: string, adminPort?: number, databaseUrl?: string, port?: number }} app
 * @returns {NodeJS.ProcessEnv}
 */
function appEnvironment(settings, backing, app) {
  return {
    ...process.env,
    NODE_ENV: settings.mode,
    NODE_NAME: app.name,
    PORT: String(app.port ?? settings.port),
    ADMIN_PORT: String(app.adminPort ?? 0),
    BASE_URL: settings.baseUrl,
    DATABASE_URL: app.databaseUrl ?? backing.appUrl,
    REDIS_URL: backing.redisUrl,
    AUTH_SECRET: backing.authSecret,
    // While developing, the dev server has the web app.
    ...(settings.mode === 'production' ? { WEB_DIR: join(DIST, 'web') } : {}),
    LOG_LEVEL: settings.logLevel,
    LOG_FORMAT: settings.logFormat,
    ...(useColor ? { FORCE_COLOR: '1' } : {}),
  };
}

/**
 * Starts relay, worker and two sync nodes, and waits until the nodes answer.
 * @param {StopStack} stack
 * @param {Settings} settings
 * @param {Backing} backing
 * @param {(name: ProgramName) => string[]} program Node's arguments that run a program
 * @param {number} port of the sync nodes
 * @returns {Promise<Record<string, number>>} the admin port of each app
 */
export async function startCluster(stack, settings, backing, program, port) {
  /** @type {{ name: string, kind: ProgramName, databaseUrl: string }[]} */
  const apps = [
    // The relay alone follows the log, which only the owner may do.
    { name: 'relay', kind: 'relay', databaseUrl: backing.ownerUrl },
    { name: 'worker', kind: 'worker', databaseUrl: backing.appUrl },
    ...SYNC_NODES.map((name) => ({ name, kind: /** @type {const} */ ('sync-node'), databaseUrl: backing.appUrl })),
  ];
  /** @type {Record<string, number>} */
  const adminPorts = {};
  for (const { name } of apps)
    adminPorts[name] = await chooseServicePort(settings.dataDir, `${name} metrics`, undefined);

  step('apps', apps.map(({ name }) => name).join(', '));
  startApps(
    stack,
    apps.map(({ name, kind, databaseUrl }) => {
      const environment = appEnvironment(settings, backing, {
        name,
        databaseUrl,
        port,
        adminPort: adminPorts[name] ?? 0,
      });
      return { name, program: program(kind), environment };
    }),
  );
  await Promise.all(
    [port, ...Object.values(adminPorts)].map((each) => waitUntilReady(`http://127.0.0.1:${each}/readyz`)),
  );
  if (stack.isStopping) throw new Failure('Stopped before the apps were ready.');
  return adminPorts;
}

/** @param {string} url */
export async function waitUntilReady(url) {
  const deadline = performance.now() + READY_PATIENCE_MS;
  let last = 'no answer';
  for (;;) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      if (response.ok) return;
      last = `${response.status} ${(await response.text()).slice(0, 500)}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    if (performance.now() > deadline) throw new Failure(`${url} did not say that it is ready: ${last}`);
    await sleep(100);
  }
}
