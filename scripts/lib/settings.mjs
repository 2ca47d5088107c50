import { resolve } from 'node:path';
import { Failure } from './failure.mjs';
import { ROOT } from './paths.mjs';

/** @typedef {{ name: string, fallback: string, meaning: string }} Setting */

/**
 * Every setting of the commands `npm start`, `npm run dev`, `npm test` and `npm run bench`.
 * @type {Setting[]}
 */
const SETTINGS = [
  { name: 'PORT', fallback: '8080', meaning: 'The one port of web app, API and WebSocket.' },
  {
    name: 'BASE_URL',
    fallback: 'http://localhost:$PORT',
    meaning: 'The address that people open; sign-in accepts no other.',
  },
  { name: 'DATA_DIR', fallback: '.data', meaning: 'Where data, logs and generated secrets are kept between starts.' },
  {
    name: 'DATABASE_URL',
    fallback: 'its own PostgreSQL',
    meaning: 'A PostgreSQL to use instead: a role that may create roles and replicate, `wal_level=logical`.',
  },
  { name: 'POSTGRES_PORT', fallback: 'a free one, kept', meaning: 'The local port of its own PostgreSQL.' },
  { name: 'REDIS_URL', fallback: 'its own Redis', meaning: 'A Redis or Valkey to use instead.' },
  { name: 'REDIS_PORT', fallback: 'a free one, kept', meaning: 'The local port of its own Redis.' },
  { name: 'REDIS_SERVER_BIN', fallback: 'found on the PATH', meaning: 'The program that runs as its own Redis.' },
  { name: 'AUTH_SECRET', fallback: 'generated, kept', meaning: 'Signs sessions.' },
  { name: 'APP_DB_PASSWORD', fallback: 'generated, kept', meaning: 'Password of the database role `meldesync_app`.' },
  { name: 'SEED_DEMO', fallback: '1', meaning: '`0` leaves out the demo workspace and accounts.' },
  { name: 'LOG_LEVEL', fallback: 'info', meaning: '`debug`, `info`, `warn` or `error`.' },
  { name: 'LOG_FORMAT', fallback: 'pretty', meaning: '`pretty` for people, `json` for programs.' },
  { name: 'NO_COLOR', fallback: '–', meaning: 'Set to anything: no colours.' },
  { name: 'CHROMIUM_PATH', fallback: 'found on the PATH', meaning: 'The browser of the tests.' },
  {
    name: 'TEST_DATABASE_URL',
    fallback: 'its own PostgreSQL',
    meaning: 'A PostgreSQL for the tests: a superuser, who makes a database for each.',
  },
  { name: 'TEST_REDIS_URL', fallback: 'its own Redis', meaning: 'A Redis for the tests.' },
];

/** The settings as a Markdown table. */
export function settingsTable() {
  const rows = SETTINGS.map(({ name, fallback, meaning }) => `| \`${name}\` | ${fallback} | ${meaning} |`);
  return ['| setting | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} name
 */
function text(environment, name) {
  const value = environment[name];
  return value === '' ? undefined : value;
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} name
 * @returns {number | undefined}
 */
function port(environment, name) {
  const value = text(environment, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 65535) {
    throw new Failure(`${name}=${value} is no port: give a number from 1 to 65535.`);
  }
  return number;
}

/** @typedef {ReturnType<typeof readSettings>} Settings */

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {'production' | 'development'} mode
 */
export function readSettings(environment, mode) {
  const publicPort = port(environment, 'PORT') ?? 8080;
  return {
    mode,
    port: publicPort,
    baseUrl: text(environment, 'BASE_URL') ?? `http://localhost:${publicPort}`,
    dataDir: resolve(ROOT, text(environment, 'DATA_DIR') ?? '.data'),
    databaseUrl: text(environment, 'DATABASE_URL'),
    postgresPort: port(environment, 'POSTGRES_PORT'),
    redisUrl: text(environment, 'REDIS_URL'),
    redisPort: port(environment, 'REDIS_PORT'),
    authSecret: text(environment, 'AUTH_SECRET'),
    appDbPassword: text(environment, 'APP_DB_PASSWORD'),
    seedDemo: (text(environment, 'SEED_DEMO') ?? '1') !== '0',
    logLevel: text(environment, 'LOG_LEVEL') ?? 'info',
    logFormat: text(environment, 'LOG_FORMAT') ?? 'pretty',
  };
}
