import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SETTINGS } from '../../packages/config/src/catalogue.mjs';
import { connectionSays, isConnectionAddress } from '../../packages/config/src/connection-address.mjs';
import { ORIGIN_SAYS, originOf } from '../../packages/config/src/origin.mjs';
import { commandSettingsTable } from '../../packages/config/src/tables.mjs';
import { Failure } from './failure.mjs';
import { ROOT } from './paths.mjs';

/** @typedef {import('../../packages/config/src/catalogue.mjs').Setting} Setting */

/** The settings of the commands `npm start`, `npm run dev`, `npm test` and `npm run bench` as a Markdown table. */
export function settingsTable() {
  return commandSettingsTable();
}

/**
 * What a setting is, undefined where it is not given; one that is empty counts as not given.
 * @param {NodeJS.ProcessEnv} environment
 * @param {keyof typeof SETTINGS} name
 * @returns {string | undefined}
 */
function text(environment, name) {
  const value = environment[name] || undefined;
  /** @type {Setting} */
  const setting = SETTINGS[name];
  if (value !== undefined && setting.kind === 'choice' && !setting.values.includes(value)) {
    throw new Failure(`setting ${name}: must be one of ${setting.values.join(', ')}`);
  }
  if (value !== undefined && setting.kind === 'text' && value.length < (setting.minLength ?? 1)) {
    throw new Failure(`setting ${name}: must be a text of at least ${setting.minLength} characters`);
  }
  return value;
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {keyof typeof SETTINGS} name
 * @returns {number | undefined}
 */
function port(environment, name) {
  const value = text(environment, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 65535) {
    throw new Failure(`setting ${name}: must be a port, a whole number from 1 to 65535`);
  }
  return number;
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {'DATABASE_URL' | 'REDIS_URL'} name
 * @returns {string | undefined}
 */
function address(environment, name) {
  const value = text(environment, name);
  const { schemes } = SETTINGS[name];
  if (value !== undefined && !isConnectionAddress(value, schemes))
    throw new Failure(`setting ${name}: must be ${connectionSays(schemes)}`);
  return value;
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {'BASE_URL'} name
 * @returns {string | undefined}
 */
function origin(environment, name) {
  const value = text(environment, name);
  if (value === undefined) return undefined;
  const found = originOf(value);
  if (found === undefined) throw new Failure(`setting ${name}: must be ${ORIGIN_SAYS}`);
  return found;
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {'CLUSTER_CERTIFICATE'} name
 * @returns {string | undefined} its absolute path
 */
function file(environment, name) {
  const value = text(environment, name);
  if (value === undefined) return undefined;
  const path = resolve(ROOT, value);
  if (!existsSync(path)) throw new Failure(`setting ${name}: must be a file that is there`);
  return path;
}

const LOOPBACK = '127.0.0.1';
const EVERYWHERE = '0.0.0.0';
const LOOPBACK_NAMES = new Set(['localhost', LOOPBACK, '::1', '[::1]']);

/**
 * With the demo, whose passwords everybody knows, nobody but this machine is served.
 * @param {Record<string, string>} hosts by the setting that says them
 */
function requireLoopback(hosts) {
  for (const [setting, host] of Object.entries(hosts)) {
    if (LOOPBACK_NAMES.has(host)) continue;
    throw new Failure(
      `setting ${setting}: with the demo, whose passwords everybody knows, only this machine (127.0.0.1, localhost); SEED_DEMO=0 starts without it`,
    );
  }
}

/** @typedef {ReturnType<typeof readSettings>} Settings */

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {'production' | 'development'} mode
 */
export function readSettings(environment, mode) {
  const { BASE_URL, DATA_DIR, LOG_FORMAT, LOG_LEVEL, PORT, SEED_DEMO } = SETTINGS;
  const seedDemo = (text(environment, 'SEED_DEMO') ?? SEED_DEMO.uses.commands.fallback) !== '0';
  const publicPort = port(environment, 'PORT') ?? PORT.uses.commands.fallback;
  const baseUrl =
    origin(environment, 'BASE_URL') ?? BASE_URL.uses.commands.without.replace('$PORT', String(publicPort));
  const host = text(environment, 'HOST') ?? (seedDemo || mode === 'development' ? LOOPBACK : EVERYWHERE);
  if (seedDemo) requireLoopback({ HOST: host, BASE_URL: new URL(baseUrl).hostname });
  return {
    mode,
    port: publicPort,
    host,
    baseUrl,
    dataDir: resolve(ROOT, text(environment, 'DATA_DIR') ?? DATA_DIR.uses.commands.fallback),
    databaseUrl: address(environment, 'DATABASE_URL'),
    postgresPort: port(environment, 'POSTGRES_PORT'),
    redisUrl: address(environment, 'REDIS_URL'),
    redisPort: port(environment, 'REDIS_PORT'),
    authSecret: text(environment, 'AUTH_SECRET'),
    appDbPassword: text(environment, 'APP_DB_PASSWORD'),
    authDbPassword: text(environment, 'AUTH_DB_PASSWORD'),
    workerDbPassword: text(environment, 'WORKER_DB_PASSWORD'),
    relayDbPassword: text(environment, 'RELAY_DB_PASSWORD'),
    auditSigningKey: text(environment, 'AUDIT_SIGNING_KEY'),
    clusterCertificate: file(environment, 'CLUSTER_CERTIFICATE'),
    seedDemo,
    logLevel: text(environment, 'LOG_LEVEL') ?? LOG_LEVEL.uses.commands.fallback,
    logFormat: text(environment, 'LOG_FORMAT') ?? LOG_FORMAT.uses.commands.fallback,
  };
}
