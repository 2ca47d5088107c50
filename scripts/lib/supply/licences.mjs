import { nameOf } from './lock-file.mjs';

/** May be part of what is handed over: they ask for their notice at most. */
const SHIPPED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
  'Zlib',
]);
/** May be used to build and test beside those: they ask for more of who hands them on (Python-2.0: a summary of changes), and nobody does. */
const TOOLS = new Set(['MPL-2.0', 'EPL-2.0', 'Python-2.0']);

/** What packages say wrongly of themselves, by the licence that lies in them. @type {Record<string, string>} */
const CORRECTIONS = { 'uWebSockets.js': 'Apache-2.0' };

/**
 * The licence of a package by SPDX.
 * @param {string} path
 * @param {{ license?: string }} entry of the lock file
 */
export const licenceOf = (path, { license }) => CORRECTIONS[nameOf(path)] ?? license;

/**
 * Whether one may keep to an expression of SPDX with the licences of a list. Those with OR and AND are told apart, others are not.
 * @param {string} expression
 * @param {(licence: string) => boolean} isAllowed
 */
function fits(expression, isAllowed) {
  const bare = expression.replace(/^\((.*)\)$/, '$1');
  if (bare.includes(' OR ')) return bare.split(' OR ').some((part) => isAllowed(part));
  return bare.split(' AND ').every((part) => isAllowed(part));
}

/**
 * Packages whose licence nobody has agreed to, a line each.
 * @param {Record<string, { license?: string, link?: boolean }>} locked the `packages` of package-lock.json
 * @param {ReadonlySet<string>} shipped paths of those that are handed over
 * @returns {string[]}
 */
export function licenceMistakes(locked, shipped) {
  return Object.entries(locked).flatMap(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.link) return [];
    const licence = licenceOf(path, entry);
    if (licence === undefined) return [`${path}: says no licence`];
    const isShipped = shipped.has(path);
    if (fits(licence, (one) => SHIPPED.has(one) || (!isShipped && TOOLS.has(one)))) return [];
    return [`${path}: ${licence} is not on the list of licences for what is ${isShipped ? 'handed over' : 'used'}`];
  });
}

/**
 * A table of what is handed over, by licence.
 * @param {Record<string, { version?: string, license?: string, link?: boolean }>} locked
 * @param {ReadonlySet<string>} shipped
 */
export function licencesTable(locked, shipped) {
  /** @type {Map<string, Set<string>>} */
  const byLicence = new Map();
  for (const path of shipped) {
    const entry = locked[path];
    if (entry === undefined || entry.link) continue;
    const licence = licenceOf(path, entry) ?? '?';
    byLicence.set(licence, (byLicence.get(licence) ?? new Set()).add(`${nameOf(path)} ${entry.version}`));
  }
  const rows = [...byLicence]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([licence, packages]) => `| ${licence} | ${packages.size} | ${[...packages].toSorted().join(', ')} |`);
  return ['| Lizenz | Pakete | |', '|---|---|---|', ...rows].join('\n');
}
