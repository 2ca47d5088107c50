import { readFileSync } from 'node:fs';
import { neededPackages } from '../needed-packages.mjs';
import { inRoot } from '../paths.mjs';
import { billOfMaterials, packageComponents } from './bill-of-materials.mjs';

/** The programs of the servers, and the page, which is made of its packages. */
const SERVERS = ['apps/sync-node', 'apps/relay', 'apps/worker', 'apps/cli'];
const PAGE = ['apps/web'];

/**
 * The packages that are handed over, as paths of the lock file: what servers load, and what is in the page's bundle.
 * @param {Record<string, import('../needed-packages.mjs').LockedEntry>} locked the `packages` of package-lock.json
 * @returns {Set<string>}
 */
export function shippedPackages(locked) {
  return neededPackages(locked, [...SERVERS, ...PAGE]);
}

/** The bill of materials of what is handed over, as text. */
export function shippedBill() {
  const { packages } = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
  const shipped = shippedPackages(packages);
  const components = packageComponents(
    Object.fromEntries(Object.entries(packages).filter(([path]) => shipped.has(path))),
  );
  return billOfMaterials(JSON.parse(readFileSync(inRoot('package.json'), 'utf8')), components);
}
