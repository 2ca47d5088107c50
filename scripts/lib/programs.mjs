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
};

/**
 * What a program loads only when it is asked to (`import()`): bundles of their own beside it, for the libraries in them take longer to
 * load than the rest.
 */
export const LAZY_PARTS = { 'check-servers': 'apps/cli/src/doctor/servers/check-servers.ts' };

/** What the build itself runs, from its source. */
const BUILD_PROGRAMS = { 'describe-api': 'apps/sync-node/src/describe-api-main.ts' };

/** @typedef {keyof typeof PROGRAMS} ProgramName */

/**
 * Node's arguments to run a program as built.
 * @param {ProgramName} name
 */
export function builtProgram(name) {
  return ['--enable-source-maps', join(DIST, `${name}.js`)];
}

/**
 * Node's arguments to run a program from its source. One process alone: one that ran it in another would live on when
 * that one is killed.
 * @param {ProgramName | keyof typeof BUILD_PROGRAMS} name
 */
export function sourceProgram(name) {
  return [
    '--import',
    pathToFileURL(inRoot('node_modules/tsx/dist/loader.mjs')).href,
    inRoot({ ...PROGRAMS, ...BUILD_PROGRAMS }[name]),
  ];
}
