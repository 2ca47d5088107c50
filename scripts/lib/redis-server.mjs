import { findProgram, isExecutable, tryOutput } from './command.mjs';
import { canInstallPackages, installPackages } from './debian.mjs';
import { Failure } from './failure.mjs';
import { step } from './log.mjs';
import { inRoot } from './paths.mjs';
import { isOlder, SUPPORTED } from './versions.mjs';

const CHOICES = `MeldeSync needs Redis ${SUPPORTED.redis} or Valkey ${SUPPORTED.valkey} or newer and found none. Any one of these helps:
  - REDIS_URL=redis://host:6379, a server that already runs
  - redis-server or valkey-server on the PATH, or its path in REDIS_SERVER_BIN
  - on Debian or Ubuntu: run as root or with sudo, so that the package redis-server can be installed
  - Docker, with its daemon running`;

/** @param {string} file */
function isNewEnough(file) {
  const said = tryOutput(file, ['--version']) ?? '';
  const version = /v=([\d.]+)/.exec(said)?.[1];
  const oldest = said.startsWith('Valkey') ? SUPPORTED.valkey : SUPPORTED.redis;
  return version !== undefined && !isOlder(version, oldest);
}

/**
 * A Redis server that is already on this machine.
 * @returns {string | undefined} the program's absolute path
 */
function findRedisServer() {
  const chosen = process.env['REDIS_SERVER_BIN'];
  if (chosen !== undefined && chosen !== '') {
    if (!isExecutable(chosen)) throw new Failure(`REDIS_SERVER_BIN names ${chosen}, which is no program.`);
    return chosen;
  }
  return [findProgram(['redis-server']), findProgram(['valkey-server'])].find(
    (file) => file !== undefined && isNewEnough(file),
  );
}

function isDockerRunning() {
  return findProgram(['docker']) !== undefined && tryOutput('docker', ['info']) !== undefined;
}

/**
 * A program that runs a Redis server: one that is there, else Debian's package, else Docker behind a script that
 * takes the same arguments.
 * @returns {Promise<string>} its absolute path
 * @throws {Failure} naming the choices
 */
export async function ensureRedisServer() {
  const found = findRedisServer();
  if (found !== undefined) return found;
  if (canInstallPackages()) {
    await installPackages(['redis-server'], ['redis-server']);
    const installed = findRedisServer();
    if (installed !== undefined) return installed;
  }
  if (isDockerRunning()) {
    step('redis', 'no redis-server on this machine: using Docker');
    return inRoot('scripts/lib/redis-in-docker.sh');
  }
  throw new Failure(CHOICES);
}
