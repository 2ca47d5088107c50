import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram, run, tryOutput } from './command.mjs';
import { canInstallPackages, installPackages } from './debian.mjs';
import { Failure } from './failure.mjs';
import { since, step } from './log.mjs';
import { inRoot } from './paths.mjs';

/** Which tools, each of one version. */
const REQUIREMENTS = inRoot('scripts/lib/python-tools.txt');

const VENV = inRoot('.data/tools/python');

/** @type {Promise<void> | undefined} */
let installing;

/**
 * A program of PyPI's that checks what is deployed, or what answers, in an environment of its own below `.data`: installed by the first that asks.
 * @param {'docker-compose' | 'hadolint' | 'kubernetes-validate' | 'openapi-python-client' | 'st'} name
 * @returns {Promise<string>} its absolute path
 * @throws {Failure} where it cannot be installed
 */
export async function ensurePythonTool(name) {
  installing ??= installTools();
  await installing;
  return join(VENV, 'bin', name);
}

/** The environment's Python, with what the tools brought: for those that are no programs. */
export async function ensureToolsPython() {
  installing ??= installTools();
  await installing;
  return join(VENV, 'bin/python');
}

async function installTools() {
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  const stamp = join(VENV, '.requirements-hash');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const startedMs = performance.now();
  step('tools', 'installing the checking tools of PyPI …');
  const python = await ensurePython();
  rmSync(VENV, { recursive: true, force: true });
  mkdirSync(dirname(VENV), { recursive: true });
  await run('Making an environment of Python', python, ['-m', 'venv', VENV]);
  await run('Installing the checking tools', join(VENV, 'bin/pip'), [
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--requirement',
    REQUIREMENTS,
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
