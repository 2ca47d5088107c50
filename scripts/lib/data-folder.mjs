import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { chooseLocalPort, isPortFree } from './ports.mjs';
import { commandOf } from './process-table.mjs';

/**
 * Made once for a data folder and kept in it, readable by its owner only.
 * @typedef {object} Secrets
 * @property {string} installation names this data folder where its data must lie elsewhere
 * @property {string} postgresPassword
 * @property {string} redisPassword
 * @property {string} appDbPassword
 * @property {string} workerDbPassword
 * @property {string} relayDbPassword
 * @property {string} authSecret
 */

/**
 * Makes the data folder if need be and claims it for this process until it ends.
 * @param {import('./stop-stack.mjs').StopStack} stack
 * @param {string} dataDir
 * @throws {Failure} if another start uses it
 */
export function claimDataFolder(stack, dataDir) {
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const claim = join(dataDir, 'running.pid');
  const owner = existsSync(claim) ? Number(readFileSync(claim, 'utf8')) : undefined;
  // The number may by now belong to some other program: only a start of ours counts.
  if (owner !== undefined && owner !== process.pid && /scripts\/(start|dev)\.mjs/.test(commandOf(owner) ?? '')) {
    throw new Failure(
      `MeldeSync already runs on ${dataDir} (process ${owner}). Stop it with Ctrl-C, or give this one its own DATA_DIR and PORT.`,
    );
  }
  writeFileSync(claim, `${process.pid}\n`);
  const release = () => rmSync(claim, { force: true });
  stack.push({ name: 'data folder', stop: async () => release(), kill: release });
}

/**
 * @param {string} dataDir
 * @returns {Secrets}
 */
export function readSecrets(dataDir) {
  const file = join(dataDir, 'secrets.json');
  const word = () => randomBytes(24).toString('base64url');
  if (existsSync(file)) {
    const kept = JSON.parse(readFileSync(file, 'utf8'));
    // A folder from before these roles.
    const whole = { workerDbPassword: word(), relayDbPassword: word(), ...kept };
    if (Object.keys(whole).length > Object.keys(kept).length) writeWhole(file, whole, 0o600);
    return whole;
  }
  if (existsSync(join(dataDir, 'postgres'))) {
    throw new Failure(
      `${file} is missing, and the data in ${dataDir} needs it. Put it back, or delete ${dataDir} to start anew.`,
    );
  }
  /** @type {Secrets} */
  const secrets = {
    installation: randomBytes(6).toString('hex'),
    postgresPassword: word(),
    redisPassword: word(),
    appDbPassword: word(),
    workerDbPassword: word(),
    relayDbPassword: word(),
    authSecret: word(),
  };
  writeWhole(file, secrets, 0o600);
  return secrets;
}

/**
 * The port for a service of this data folder: the wanted one; else the one that it had before, if it is free; else
 * another, kept for the next time.
 * @param {string} dataDir
 * @param {string} service
 * @param {number | undefined} wanted
 * @returns {Promise<number>}
 * @throws {Failure} if the wanted one is taken
 */
export async function chooseServicePort(dataDir, service, wanted) {
  if (wanted !== undefined) {
    if (await isPortFree(wanted, ['127.0.0.1'])) return wanted;
    throw new Failure(`Port ${wanted}, which the settings choose for ${service}, is taken by another program.`);
  }
  const file = join(dataDir, 'ports.json');
  /** @type {Record<string, number>} */
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const port = await chooseLocalPort(known[service]);
  if (port !== known[service]) writeWhole(file, { ...known, [service]: port }, 0o644);
  return port;
}

/**
 * Writes a file whole or not at all.
 * @param {string} file
 * @param {unknown} content
 * @param {number} mode
 */
function writeWhole(file, content, mode) {
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, `${JSON.stringify(content, null, 2)}\n`, { mode });
  renameSync(partial, file);
}
