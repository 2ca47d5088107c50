import { licenceOf } from './licences.mjs';

/** @typedef {{ name?: string, version?: string, integrity?: string, license?: string, link?: boolean, resolved?: string }} Locked */

const FOLDER = 'node_modules/';

/**
 * The packages of npm as components of CycloneDX, each with the hash of the archive that it came in.
 * @param {Record<string, Locked>} packages those of a lock file
 */
export function packageComponents(packages) {
  return Object.entries(packages)
    .filter(([path, { link, version }]) => path.includes(FOLDER) && link !== true && version !== undefined)
    .map(([path, found]) => {
      const name = found.name ?? path.slice(path.lastIndexOf(FOLDER) + FOLDER.length);
      const [algorithm = '', hash = ''] = (found.integrity ?? '').split('-');
      const licence = licenceOf(path, found);
      return {
        'bom-ref': path,
        type: 'library',
        name,
        version: found.version,
        purl: `pkg:npm/${name.replace('@', '%40')}@${found.version}`,
        ...(algorithm === 'sha512'
          ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(hash, 'base64').toString('hex') }] }
          : {}),
        ...(licence === undefined ? {} : { licenses: [{ expression: licence }] }),
      };
    });
}

/**
 * A bill of materials (CycloneDX 1.6, ECMA-424) as text. The same components always make the same text.
 * @param {{ name: string, version: string, license: string }} of package.json
 * @param {object[]} components
 */
export function billOfMaterials({ name, version, license }, components) {
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', name, version, licenses: [{ expression: license }] } },
    components,
  };
  return `${JSON.stringify(bill, undefined, 2)}\n`;
}
