import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DIST, inRoot } from './paths.mjs';

/**
 * The programs that the workspaces make, and the source file of each.
 */
export const PROGRAMS = {
  relay: 'apps/relay/src/main.ts',
  worker: 'apps/worker/src/main.ts',
  'sync-node': 'apps/sync-node/src/main.ts',
  cli: 'apps/cli/src/main.ts',
  migrate: 'packages/db/src/migrate-main.ts',
  'seed-demo': 'apps/sync-node/src/seed-demo-main.ts',
  'set-up': 'apps/sync-node/src/set-up-main.ts',
  instrument: 'packages/telemetry/src/tracing/instrument-main.ts',
  // A thread of the node's, which names it by this file.
  'password-score-thread': 'apps/sync-node/src/auth/password-score-thread.js',
};

/** What the build itself runs, from its source. */
const BUILD_PROGRAMS = { 'describe-api': 'apps/sync-node/src/describe-api-main.ts' };

/** @typedef {keyof typeof PROGRAMS} ProgramName */

/**
 * Node's arguments to run a program as built.
 * @param {ProgramName} name
 */
export function builtProgram(name) {
  return ['--enable-source-maps', ...instrumented(name, builtFile('instrument')), builtFile(name)];
}

/** @param {ProgramName} name */
function builtFile(name) {
  return join(DIST, `${name}.js`);
}

/**
 * Programs whose libraries are traced by themselves. The others record by hand what they do: on the path of an edit each call that is
 * wrapped costs.
 * @param {string} name
 * @param {string} file
 */
function instrumented(name, file) {
  return name === 'worker' ? ['--import', pathToFileURL(file).href] : [];
}

/**
 * Node's arguments to run a file of TypeScript. One process alone: one that ran it in another would live on when that one is
 * killed.
 * @param {string} file its absolute path
 * @param {string[]} preloaded Node's arguments that load something before it
 */
export function sourceFile(file, preloaded = []) {
  return ['--import', pathToFileURL(inRoot('node_modules/tsx/dist/loader.mjs')).href, ...preloaded, file];
}

/**
 * Node's arguments to run a program from its source.
 * @param {ProgramName | keyof typeof BUILD_PROGRAMS} name
 */
export function sourceProgram(name) {
  return sourceFile(inRoot({ ...PROGRAMS, ...BUILD_PROGRAMS }[name]), instrumented(name, inRoot(PROGRAMS.instrument)));
}
