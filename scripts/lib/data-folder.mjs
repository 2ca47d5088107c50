import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from './failure.mjs';
import { chooseLocalPort, isPortFree } from './ports.mjs';
import { commandOf } from './process-table.mjs';

/**
 * Made once for a data folder and kept in it, readable by its owner only.
 * @typedef {object} Secrets
 * @property {string} installation names this data folder where its data must lie elsewhere
 * @property {string} postgresPassword
 * @property {string} redisPassword
 * @property {string} redisNodePassword
 * @property {string} redisRelayPassword
 * @property {string} redisWorkerPassword
 * @property {string} appDbPassword
 * @property {string} authDbPassword
 * @property {string} workerDbPassword
 * @property {string} relayDbPassword
 * @property {string} authSecret
 * @property {string} auditSigningKey signs checkpoints of the trail: PKCS#8 in PEM
 */

/**
 * Works with files of the data folder; what the system refuses is said in a sentence, with what to do.
 * @template T
 * @param {string} dataDir
 * @param {() => T} work
 * @returns {T}
 */
function inDataFolder(dataDir, work) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) throw error;
    const { path = dataDir, code } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new Failure(
      `The data folder ${dataDir} cannot be used: ${path} (${code}). Let this user read and write it, make room on its disk, or give another folder: DATA_DIR=… npm start`,
    );
  }
}

/**
 * What a file of the data folder holds as JSON.
 * @param {string} file
 * @param {string} todo what to do where it is none, as a sentence
 */
function readJson(file, todo) {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure(`${file} cannot be read: it is no JSON. ${todo}`);
  }
}

/**
 * Makes a folder with those above it. Node's own way goes round for ever where a folder above says ENOENT, as on some file systems that
 * take nothing new.
 * @param {string} folder
 */
function makeFolder(folder) {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** What lies in a data folder and is nobody else's; the folder itself is gone through by the user of the database. */
const PRIVATE = /^(?:logs|redis|apps|haproxy|secrets\.json|ports\.json|checkpoints-.*\.jsonl)$/;

/**
 * Takes what is in a data folder from all others: also what a start of before, or a copy that was put back, left open.
 * @param {string} dataDir
 */
function keepPrivate(dataDir) {
  for (const entry of readdirSync(dataDir, { withFileTypes: true }))
    if (PRIVATE.test(entry.name)) chmodSync(join(dataDir, entry.name), entry.isDirectory() ? 0o700 : 0o600);
}

/**
 * Makes the data folder if need be and claims it for this process until it ends.
 * @param {import('./stop-stack.mjs').StopStack} stack
 * @param {string} dataDir
 * @throws {Failure} if another start uses it
 */
export function claimDataFolder(stack, dataDir) {
  inDataFolder(dataDir, () => {
    makeFolder(join(dataDir, 'logs'));
    keepPrivate(dataDir);
  });
  const claim = join(dataDir, 'running.pid');
  const owner = existsSync(claim) ? Number(readFileSync(claim, 'utf8')) : undefined;
  // The number may by now belong to some other program: only a start of ours counts.
  if (
    owner !== undefined &&
    owner !== process.pid &&
    /scripts\/(start|dev|cluster|load)\.mjs/.test(commandOf(owner) ?? '')
  ) {
    throw new Failure(
      `MeldeSync already runs on ${dataDir} (process ${owner}). Stop it with Ctrl-C, or give this one its own DATA_DIR and PORT.`,
    );
  }
  inDataFolder(dataDir, () => writeFileSync(claim, `${process.pid}\n`));
  const release = () => rmSync(claim, { force: true });
  stack.push({ name: 'data folder', stop: async () => release(), kill: release });
}

/**
 * @param {string} dataDir
 * @returns {Secrets}
 */
export function readSecrets(dataDir) {
  return inDataFolder(dataDir, () => secretsIn(dataDir));
}

/**
 * @param {string} dataDir
 * @returns {Secrets}
 */
function secretsIn(dataDir) {
  const file = join(dataDir, 'secrets.json');
  if (existsSync(file)) {
    const kept = readJson(
      file,
      `The data in ${dataDir} needs what it held: put it back from a copy, or delete ${dataDir} to start anew.`,
    );
    // A folder from before these roles and users, and before the trail was sealed.
    const whole = { ...passwords(), auditSigningKey: signingKey(), ...kept };
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
    ...passwords(),
    authSecret: word(),
    auditSigningKey: signingKey(),
  };
  writeWhole(file, secrets, 0o600);
  return secrets;
}

const word = () => randomBytes(24).toString('base64url');

/** Of the database's roles, and of the users of Redis. */
function passwords() {
  return {
    appDbPassword: word(),
    authDbPassword: word(),
    workerDbPassword: word(),
    relayDbPassword: word(),
    redisNodePassword: word(),
    redisRelayPassword: word(),
    redisWorkerPassword: word(),
  };
}

function signingKey() {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
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
  const known = inDataFolder(dataDir, () =>
    existsSync(file) ? readJson(file, 'Delete it: other ports are chosen then.') : {},
  );
  const port = await chooseLocalPort(known[service]);
  if (port !== known[service]) inDataFolder(dataDir, () => writeWhole(file, { ...known, [service]: port }, 0o600));
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
