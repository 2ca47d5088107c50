// Writes the bill of materials of the image as CycloneDX: the packages of npm that are in node_modules, those that the page is made of,
// Node.js, and Debian's packages.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { neededPackages } from '../../scripts/lib/needed-packages.mjs';
import { billOfMaterials, packageComponents } from '../../scripts/lib/supply/bill-of-materials.mjs';

const { packages: installed } = JSON.parse(readFileSync('node_modules/.package-lock.json', 'utf8'));
const { packages: locked } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const page = Object.fromEntries([...neededPackages(locked, ['apps/web'])].map((path) => [path, locked[path]]));

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

const of = JSON.parse(readFileSync('package.json', 'utf8'));
process.stdout.write(billOfMaterials(of, [...packageComponents({ ...page, ...installed }), node, ...debian]));
