/**
 * @typedef {object} LockedEntry what package-lock.json says of a package
 * @property {string} [resolved] of a link, where it leads
 * @property {boolean} [link]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, { optional?: boolean }>} [peerDependenciesMeta]
 */

/**
 * The packages that workspaces need to run. npm also installs what a package merely gets along with (an optional peer) wherever something
 * else of the checkout has it: a web framework, a bundler, a compiler.
 * @param {Record<string, LockedEntry>} locked the `packages` of package-lock.json
 * @param {string[]} workspaces
 * @returns {Set<string>} paths of packages, as `node_modules/pg`
 */
export function neededPackages(locked, workspaces) {
  /** @type {Set<string>} */
  const needed = new Set();
  const open = [...workspaces];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const entry = locked[at];
    if (entry === undefined || needed.has(at)) continue;
    needed.add(at);
    if (entry.link && entry.resolved !== undefined) open.push(entry.resolved);
    for (const name of namesNeededBy(entry)) {
      const found = placeOf(locked, at, name);
      if (found !== undefined) open.push(found);
    }
  }
  return new Set([...needed].filter((path) => path.includes('node_modules/')));
}

/** @param {LockedEntry} entry */
function namesNeededBy({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta }) {
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => peerDependenciesMeta?.[name]?.optional !== true);
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers];
}

/**
 * Where a package is that is required from another: as Node.js looks for it, in each folder above.
 * @param {Record<string, LockedEntry>} locked
 * @param {string} from
 * @param {string} name
 */
function placeOf(locked, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (locked[path] !== undefined) return path;
    if (folder === '') return undefined;
  }
}
