// Writes the bill of materials of the image as CycloneDX: the packages of npm that are in node_modules, Node.js, and Debian's packages.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** @typedef {{ version?: string, integrity?: string, license?: string, name?: string }} Installed */

const { name, version, license } = JSON.parse(readFileSync('package.json', 'utf8'));

/** @type {Record<string, Installed>} */
const installed = JSON.parse(readFileSync('node_modules/.package-lock.json', 'utf8')).packages;

const FOLDER = 'node_modules/';

const packages = Object.entries(installed)
  .filter(([path, found]) => path.includes(FOLDER) && found.version !== undefined)
  .map(([path, found]) => {
    const called = found.name ?? path.slice(path.lastIndexOf(FOLDER) + FOLDER.length);
    const [algorithm = '', hash = ''] = (found.integrity ?? '').split('-');
    return {
      'bom-ref': path,
      type: 'library',
      name: called,
      version: found.version,
      purl: `pkg:npm/${called.replace('@', '%40')}@${found.version}`,
      ...(algorithm === 'sha512'
        ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(hash, 'base64').toString('hex') }] }
        : {}),
      ...(found.license === undefined ? {} : { licenses: [{ expression: found.license }] }),
    };
  });

const nodeUrl = `pkg:generic/node@${process.versions.node}`;
const node = {
  'bom-ref': nodeUrl,
  type: 'application',
  name: 'node',
  version: process.versions.node,
  purl: nodeUrl,
};

const FORMAT = '${Package} ${Version} ${Architecture}\\n';
const debian = execFileSync('dpkg-query', ['--show', `--showformat=${FORMAT}`], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .map((line) => {
    const [called = '', of = '', architecture = ''] = line.split(' ');
    const purl = `pkg:deb/debian/${called}@${encodeURIComponent(of)}?arch=${architecture}&distro=debian-13`;
    return { 'bom-ref': purl, type: 'library', name: called, version: of, purl };
  });

const bill = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: { component: { type: 'application', name, version, licenses: [{ expression: license }] } },
  components: [...packages, node, ...debian],
};
process.stdout.write(`${JSON.stringify(bill, undefined, 2)}\n`);
