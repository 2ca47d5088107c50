import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';
import { step } from './log.mjs';
import { canEnter, giveTo, reachableFolder } from './postgres-programs.mjs';

/** @typedef {import('./postgres-programs.mjs').User} User */

/**
 * The folder of a database that lasts: inside the data folder, or where the user postgres gets to.
 * @param {string} dataDir
 * @param {string} installation
 * @param {User | undefined} user
 */
export function lastingFolder(dataDir, installation, user) {
  const wanted = join(dataDir, 'postgres');
  if (user === undefined || canEnter(dataDir, user)) return wanted;
  const folder = join(reachableFolder(installation), 'postgres');
  step('postgres', `the user postgres cannot reach ${dataDir}: its data is in ${folder}`);
  return folder;
}

/**
 * A new folder for a database that goes after use.
 * @param {User | undefined} user
 */
export function passingFolder(user) {
  const parents = [tmpdir(), '/tmp', '/var/tmp'];
  const parent = parents.find((folder) => existsSync(folder) && canEnter(folder, user)) ?? reachableFolder('tmp');
  const folder = mkdtempSync(join(parent, 'meldesync-postgres-'));
  giveTo(folder, user);
  return folder;
}

/**
 * Makes an empty database cluster, whole or not at all.
 * @param {import('./postgres-programs.mjs').Programs} programs
 * @param {string} folder
 * @param {User | undefined} user
 * @param {string} password of the superuser postgres
 * @param {{ durable: boolean }} options
 */
export async function makeCluster(programs, folder, user, password, { durable }) {
  const partial = join(dirname(folder), `${basename(folder)}.new`);
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(join(partial, 'data'), { recursive: true });
  const passwordFile = join(partial, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  for (const path of [partial, join(partial, 'data')]) giveTo(path, user);
  giveTo(passwordFile, user);
  await run(
    'Making the database',
    programs.initdb,
    [
      `--pgdata=${join(partial, 'data')}`,
      `--pwfile=${passwordFile}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The same order of texts on every machine, whatever locales it has.
      ...(Number.parseInt(programs.version, 10) >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []),
      '--locale=C',
      ...(durable ? [] : ['--no-sync']),
      // What makes a stolen password hash of little use makes each connection cost twice as much; these passwords are no secret.
      ...(durable || Number.parseInt(programs.version, 10) < 16 ? [] : ['-c', 'scram_iterations=1']),
    ],
    { cwd: '/', ...(user ? { user } : {}) },
  );
  rmSync(folder, { recursive: true, force: true });
  renameSync(join(partial, 'data'), folder);
  rmSync(partial, { recursive: true, force: true });
}

/**
 * @param {string} folder
 * @param {User | undefined} user
 * @param {string} version of the programs
 * @throws {Failure} if that user or that version cannot work with what is there
 */
export function requireUsableCluster(folder, user, version) {
  const owner = statSync(folder).uid;
  const runner = user?.uid ?? process.getuid?.() ?? owner;
  if (owner !== runner) {
    throw new Failure(
      `The database in ${folder} belongs to another user (${owner}): MeldeSync was started there as someone else. Choose another DATA_DIR, or delete it.`,
    );
  }
  const made = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  if (made !== version.split('.')[0]) {
    throw new Failure(
      `The database in ${folder} was made by PostgreSQL ${made}, and this is ${version}. Bring it over with pg_dump and the old programs, or choose another DATA_DIR.`,
    );
  }
}

/**
 * What the server on this data says of itself: the last line of its lock file.
 * @param {string} folder
 */
function serverStatus(folder) {
  try {
    return readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[7]?.trim();
  } catch {
    return undefined;
  }
}

/**
 * Whether the server on this data says that it takes connections.
 * @param {string} folder
 */
export function saysReady(folder) {
  return serverStatus(folder) === 'ready';
}

/**
 * Whether the server on this data says that it takes connections and follows another server.
 * @param {string} folder
 */
export function saysStandby(folder) {
  return serverStatus(folder) === 'standby';
}

/**
 * Whether the server on this data was asked to stop, and takes no more connections.
 * @param {string} folder
 */
export function saysStopping(folder) {
  return serverStatus(folder) === 'stopping';
}
