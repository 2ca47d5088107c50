// Leaves in node_modules what the workspaces named on the command line need when they run, and takes out the rest: npm also installs the
// optional peers that a lock file has (frameworks of web pages, compilers), which are most of it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Manifest
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, { optional?: boolean }>} [peerDependenciesMeta]
 */
/** @typedef {Manifest & { link?: boolean, resolved?: string }} Installed */

const NOTE = 'node_modules/.package-lock.json';

/** @type {{ packages: Record<string, Installed> }} */
const note = JSON.parse(readFileSync(NOTE, 'utf8'));

/**
 * Where a package finds another one: in its own node_modules, or in one above it.
 * @param {string} name
 * @param {string} from folder of who asks
 */
function find(name, from) {
  for (let folder = `/${from}`; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = `${folder}/node_modules/${name}`.slice(1);
    if (note.packages[path]) return path;
    if (folder === '') return undefined;
  }
}

/** @param {Manifest} manifest */
function needs({ dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} }) {
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  return [...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...peers];
}

/** @type {Set<string>} paths of packages, and of workspaces */
const kept = new Set();

/** @param {string} path */
function keep(path) {
  if (kept.has(path)) return;
  kept.add(path);
  const isWorkspace = !path.includes('node_modules/');
  const manifest = isWorkspace ? JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) : note.packages[path];
  for (const name of needs(manifest)) {
    const found = find(name, path);
    // Not there: for another platform.
    if (found !== undefined) keep(note.packages[found]?.link ? (note.packages[found].resolved ?? found) : found);
  }
}

for (const workspace of process.argv.slice(2)) keep(workspace);

const gone = Object.keys(note.packages).filter((path) => path.startsWith('node_modules/') && !kept.has(path));
for (const path of gone) {
  rmSync(path, { recursive: true, force: true });
  delete note.packages[path];
}
writeFileSync(NOTE, JSON.stringify(note));
process.stdout.write(`${kept.size} packages and workspaces stay, ${gone.length} go\n`);
