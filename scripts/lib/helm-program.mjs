import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, run } from './command.mjs';
import { Failure } from './failure.mjs';
import { since, step } from './log.mjs';
import { inRoot } from './paths.mjs';

const MODULE = 'helm.sh/helm/v4/cmd/helm@v4.3.1';
const FOLDER = inRoot('.data/tools/go');

/**
 * Helm: the one on the PATH, else one built by Go from its module, which takes minutes once.
 * @returns {Promise<string>} its absolute path
 * @throws {Failure} where there is neither
 */
export async function ensureHelm() {
  const built = join(FOLDER, 'helm');
  const found = findProgram(['helm']) ?? (existsSync(built) ? built : undefined);
  if (found !== undefined) return found;
  const go = findProgram(['go']);
  if (go === undefined)
    throw new Failure('helm is needed and was not found. Either helps: helm, or go to build it, on the PATH');
  const startedMs = performance.now();
  step('helm', 'building it …');
  mkdirSync(FOLDER, { recursive: true });
  await run('Building helm', go, ['install', MODULE], { env: { ...process.env, GOBIN: FOLDER } });
  step('helm', `built in ${since(startedMs)}`);
  return built;
}
