/**
 * @typedef {object} LockedPackage what package-lock.json says of a package
 * @property {string} [version]
 * @property {string} [resolved]
 * @property {string} [integrity]
 * @property {boolean} [link] a workspace of ours
 * @property {boolean} [inBundle] comes within the archive of another
 * @property {boolean} [hasInstallScript]
 */

const FOLDER = 'node_modules/';
/** What a registry calls a version; an address or a path is none. */
const VERSION = /^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/;
/** 64 bytes. */
const SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;

/** @param {string} path as `node_modules/@scope/name` */
export const nameOf = (path) => path.slice(path.lastIndexOf(FOLDER) + FOLDER.length);

/**
 * What of a lock file would let in something else than what was looked at, a line each: packages without a hash, from
 * elsewhere than the registry that npm is set up for, or with programs of their own that run when they are installed.
 * @param {{ packages: Record<string, LockedPackage> }} lock
 * @param {Record<string, boolean>} reviewedScripts `allowScripts` of package.json: whose were looked at, and whether they may run
 * @returns {string[]}
 */
export function lockFileMistakes(lock, reviewedScripts) {
  return Object.entries(lock.packages)
    .filter(([path, { link }]) => path.includes(FOLDER) && link !== true)
    .flatMap(([path, found]) => entryMistakes(path, found, reviewedScripts));
}

/**
 * @param {string} path
 * @param {LockedPackage} found
 * @param {Record<string, boolean>} reviewedScripts
 */
function entryMistakes(path, { version, resolved, integrity, inBundle, hasInstallScript }, reviewedScripts) {
  const mistakes = [];
  if (!VERSION.test(version ?? '')) mistakes.push(`${path}: ${version ?? 'nothing'} is no version of a registry`);
  if (resolved !== undefined)
    mistakes.push(`${path}: is taken from ${resolved}, not from the registry that npm is set up for`);
  if (!inBundle && !SHA512.test(integrity ?? '')) mistakes.push(`${path}: has no SHA-512`);
  if (hasInstallScript && reviewedScripts[nameOf(path)] === undefined)
    mistakes.push(`${path}: runs a script when it is installed, and stands not in allowScripts of package.json`);
  return mistakes;
}
