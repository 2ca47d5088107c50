import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SETTINGS } from '../../packages/config/src/catalogue.mjs';
import { startApps, whyNotReady } from './app-process.mjs';
import { run } from './command.mjs';
import { chooseServicePort, readSecrets } from './data-folder.mjs';
import {
  ensureDatabase,
  mayGrantReplication,
  migrateDatabase,
  requireAlone,
  requireLogicalReplication,
  roleUrl,
} from './database.mjs';
import { Failure } from './failure.mjs';
import { step, useColor } from './log.mjs';
import { withOwnSecrets } from './own-secrets.mjs';
import { DIST } from './paths.mjs';
import { startLastingPostgres } from './postgres.mjs';
import { requireRedis, startLastingRedis } from './redis.mjs';
import { ensureRedisServer } from './redis-server.mjs';

/** @typedef {import('./stop-stack.mjs').StopStack} StopStack */
/** @typedef {import('./settings.mjs').Settings} Settings */
/** @typedef {import('./programs.mjs').ProgramName} ProgramName */
/** @typedef {import('./supervise/supervise.mjs').Supervised} Supervised */
/** @typedef {{ email: string, password: string, role?: string }} Account */

/**
 * What the apps work with.
 * @typedef {object} Backing
 * @property {string} ownerUrl the database, as its owner
 * @property {{ app: string, auth: string, worker: string, relay?: string }} passwords of the roles that the processes sign in as
 * @property {{ app: string, auth: string, worker: string, relay: string }} urls the database, as each of these roles
 * @property {Record<import('./redis-users.mjs').RedisRole, string>} redisUrls as the user of each process
 * @property {boolean} isAlone the database is run for this start, so nobody else works on it
 * @property {string} authSecret
 * @property {string} auditSigningKey
 */

/** The sync nodes of an installation; they share one port. */
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
  const ownerUrl = settings.databaseUrl ?? (await ownDatabase(stack, settings, secrets));
  await requireLogicalReplication(ownerUrl);
  if (settings.databaseUrl !== undefined) await requireAlone(ownerUrl, settings);
  if (settings.redisUrl !== undefined) await requireRedis(settings.redisUrl);
  const redisUrls =
    settings.redisUrl === undefined ? await ownRedis(stack, settings, secrets) : sameFor(settings.redisUrl);
  const auth = settings.authDbPassword ?? secrets.authDbPassword;
  const app = settings.appDbPassword ?? secrets.appDbPassword;
  const worker = settings.workerDbPassword ?? secrets.workerDbPassword;
  // Where the owner cannot give away what it takes to follow the log, the relay signs in as the owner.
  const relay = (await mayGrantReplication(ownerUrl))
    ? (settings.relayDbPassword ?? secrets.relayDbPassword)
    : undefined;
  return {
    ownerUrl,
    passwords: { app, auth, worker, ...(relay === undefined ? {} : { relay }) },
    urls: {
      app: roleUrl(ownerUrl, 'app', app),
      auth: roleUrl(ownerUrl, 'auth', auth),
      worker: roleUrl(ownerUrl, 'worker', worker),
      relay: relay === undefined ? ownerUrl : roleUrl(ownerUrl, 'relay', relay),
    },
    redisUrls,
    isAlone: settings.databaseUrl === undefined,
    authSecret: settings.authSecret ?? secrets.authSecret,
    auditSigningKey: settings.auditSigningKey ?? secrets.auditSigningKey,
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
async function ownRedis(stack, { dataDir, redisPort }, secrets) {
  return startLastingRedis(stack, {
    program: await ensureRedisServer(),
    dataDir,
    prefix: process.env['REDIS_PREFIX'] || SETTINGS.REDIS_PREFIX.uses.node.fallback,
    password: secrets.redisPassword,
    passwords: {
      node: secrets.redisNodePassword,
      relay: secrets.redisRelayPassword,
      worker: secrets.redisWorkerPassword,
    },
    choosePort: () => chooseServicePort(dataDir, 'redis', redisPort),
  });
}

/**
 * A Redis of somebody else's: whoever its address names.
 * @param {string} url
 */
function sameFor(url) {
  return { node: url, relay: url, worker: url };
}

/**
 * Brings the tables up to date, and adds the demo data if it is wanted and not there, or disables it. Where nobody administers the
 * installation, and the demo is not wanted, there is a new link to set it up.
 * @param {Settings} settings
 * @param {Backing} backing
 * @param {(name: ProgramName) => string[]} program Node's arguments that run a program
 * @returns {Promise<{ accounts: Account[], setUpUrl: string | undefined }>} `accounts`: those of the demo
 */
export async function prepareData(settings, backing, program) {
  step('database', 'migrations');
  await migrateDatabase(program('migrate'), backing.ownerUrl, backing.passwords, backing);
  step('database', settings.seedDemo ? 'demo data' : 'no demo data');
  const environment = {
    ...withOwnSecrets(process.env, undefined),
    DATABASE_URL: backing.urls.auth,
    BASE_URL: settings.baseUrl,
    SEED_DEMO: settings.seedDemo ? '1' : '0',
  };
  const seeded = await run('Preparing the demo data', process.execPath, program('seed-demo'), { env: environment });
  if (settings.seedDemo) return { accounts: JSON.parse(seeded).accounts, setUpUrl: undefined };
  const output = await run('Making the set-up link', process.execPath, program('set-up'), { env: environment });
  return { accounts: [], setUpUrl: JSON.parse(output).setUpLink?.url };
}

/**
 * @param {Settings} settings
 * @param {Backing} backing
 * @param {{ name: string, kind: Part['kind'], adminPort: number, port?: number }} app
 * @returns {NodeJS.ProcessEnv}
 */
function appEnvironment(settings, backing, app) {
  const role = app.kind === 'sync-node' ? 'node' : app.kind;
  return {
    ...withOwnSecrets(process.env, role),
    NODE_ENV: settings.mode,
    NODE_NAME: app.name,
    ADMIN_PORT: String(app.adminPort),
    DATABASE_URL: backing.urls[role === 'node' ? 'app' : role],
    REDIS_URL: backing.redisUrls[role],
    ...(role === 'node' ? nodeEnvironment(settings, backing, app.port ?? settings.port) : {}),
    LOG_LEVEL: settings.logLevel,
    LOG_FORMAT: settings.logFormat,
    ...(useColor ? { FORCE_COLOR: '1' } : {}),
  };
}

/**
 * @param {Settings} settings
 * @param {Backing} backing
 * @param {number} port
 * @returns {NodeJS.ProcessEnv}
 */
function nodeEnvironment(settings, backing, port) {
  return {
    PORT: String(port),
    HOST: settings.host,
    BASE_URL: settings.baseUrl,
    AUTH_DATABASE_URL: backing.urls.auth,
    AUTH_SECRET: backing.authSecret,
    // While developing, the dev server has the web app.
    ...(settings.mode === 'production' ? { WEB_DIR: join(DIST, 'web') } : {}),
  };
}

/**
 * What a worker signs checkpoints of the trail with, and where it keeps them: beside the database, for want of another disk.
 * @param {Settings} settings
 * @param {Backing} backing
 * @param {string} name
 * @returns {NodeJS.ProcessEnv}
 */
function sealingEnvironment({ dataDir }, { auditSigningKey }, name) {
  return {
    AUDIT_SIGNING_KEY: auditSigningKey,
    AUDIT_CHECKPOINT_FILE: process.env['AUDIT_CHECKPOINT_FILE'] ?? join(dataDir, `checkpoints-${name}.jsonl`),
  };
}

/**
 * A process of an installation.
 * @typedef {object} Part
 * @property {string} name
 * @property {'relay' | 'worker' | 'sync-node'} kind
 * @property {number} [port] of a sync node
 * @property {Record<string, string>} [settings] besides the usual ones
 */

/**
 * Starts processes and waits until each can do its work. Each that ends later is started again.
 * @param {StopStack} stack
 * @param {Settings} settings
 * @param {Backing} backing
 * @param {(name: ProgramName) => string[]} program Node's arguments that run a program
 * @param {readonly Part[]} parts
 * @returns {Promise<{ adminPorts: Record<string, number>, apps: { app: Supervised, kind: ProgramName }[] }>}
 */
export async function startParts(stack, settings, backing, program, parts) {
  /** @type {Record<string, number>} */
  const adminPorts = {};
  for (const { name } of parts)
    adminPorts[name] = await chooseServicePort(settings.dataDir, `${name} metrics`, undefined);

  step('apps', parts.map(({ name }) => name).join(', '));
  const started = startApps(
    stack,
    settings.dataDir,
    parts.map((part) => {
      const { name, kind } = part;
      const adminPort = adminPorts[name] ?? 0;
      const usual = appEnvironment(settings, backing, { ...part, adminPort });
      const sealing = kind === 'worker' ? sealingEnvironment(settings, backing, name) : {};
      const environment = { ...usual, ...sealing, ...part.settings };
      return { name, program: program(kind), environment, readyUrl: `http://127.0.0.1:${adminPort}/readyz` };
    }),
  );
  await Promise.all(started.map(({ ready }) => ready));
  if (stack.isStopping) throw new Failure('Stopped before the apps were ready.');
  return {
    adminPorts,
    apps: parts.map(({ kind }, index) => ({ kind, app: /** @type {Supervised} */ (started[index]) })),
  };
}

/**
 * Starts relay, worker and two sync nodes, and waits until the nodes answer. Each that ends later is started again.
 * @param {StopStack} stack
 * @param {Settings} settings
 * @param {Backing} backing
 * @param {(name: ProgramName) => string[]} program Node's arguments that run a program
 * @param {number} port of the sync nodes
 * @returns {Promise<{ adminPorts: Record<string, number>, apps: { app: Supervised, kind: ProgramName }[] }>}
 */
export async function startInstallation(stack, settings, backing, program, port) {
  const started = await startParts(stack, settings, backing, program, [
    { name: 'relay', kind: 'relay' },
    { name: 'worker', kind: 'worker' },
    ...SYNC_NODES.map((name) => ({ name, kind: /** @type {const} */ ('sync-node'), port })),
  ]);
  // The nodes' shared port, which their own do not speak for.
  await waitUntilReady(`http://${reachable(settings.host)}:${port}/readyz`);
  return started;
}

/**
 * What reaches a node of this machine that listens there.
 * @param {string} host
 */
function reachable(host) {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** @param {string} url */
async function waitUntilReady(url) {
  const deadline = performance.now() + READY_PATIENCE_MS;
  for (;;) {
    const reason = await whyNotReady(url);
    if (reason === undefined) return;
    if (performance.now() > deadline) throw new Failure(reason);
    await sleep(100);
  }
}
