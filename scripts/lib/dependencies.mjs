import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';
import { since, step } from './log.mjs';
import { inRoot, ROOT } from './paths.mjs';
import { OWN_BINARY, wrongBinary } from './supply/socket-binaries.mjs';

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [optional] not installed on every platform
 * @property {boolean} [devOptional]
 */
/** @typedef {{ packages: Record<string, LockedPackage> }} Lockfile */

/**
 * Whether what npm noted as installed is what the lockfile asks for. Packages for other platforms may be absent.
 * @param {Lockfile} wanted package-lock.json
 * @param {Lockfile} installed node_modules/.package-lock.json
 */
export function isInstalled(wanted, installed) {
  return Object.entries(wanted.packages).every(([path, locked]) => {
    if (path === '') return true;
    const found = installed.packages[path];
    if (found === undefined) return locked.optional === true || locked.devOptional === true;
    return found.version === locked.version && found.integrity === locked.integrity;
  });
}

/**
 * @param {string} file
 * @returns {string | undefined}
 */
function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/**
 * Runs `npm ci` unless node_modules already holds what package-lock.json asks for.
 * @throws {Failure} where the native code that would be loaded is not what was looked at
 */
export async function ensureDependencies() {
  await ensureInstalled();
  const wrong = wrongBinary(undefined, (name) => name === OWN_BINARY);
  if (wrong !== undefined) throw new Failure(wrong);
}

async function ensureInstalled() {
  const lock = readFileSync(inRoot('package-lock.json'), 'utf8');
  const fingerprint = createHash('sha256').update(lock).digest('hex');
  const stamp = inRoot('node_modules/.meldesync-lock-hash');
  if (readIfThere(stamp) === fingerprint) return;

  const noted = readIfThere(inRoot('node_modules/.package-lock.json'));
  if (noted === undefined || !isInstalled(JSON.parse(lock), JSON.parse(noted))) {
    const startedMs = performance.now();
    step('dependencies', 'npm ci …');
    await run(
      'Installing the dependencies',
      'npm',
      ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
      { cwd: ROOT },
    );
    step('dependencies', `installed in ${since(startedMs)}`);
  }
  writeFileSync(stamp, fingerprint);
}
