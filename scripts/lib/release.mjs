import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, runToEnd, tryOutput } from './command.mjs';
import { Failure } from './failure.mjs';
import { fingerprint } from './fingerprint.mjs';
import { since, step } from './log.mjs';
import { neededPackages } from './needed-packages.mjs';
import { DIST, inRoot, ROOT } from './paths.mjs';
import { PROGRAMS } from './programs.mjs';
import { shippedBill } from './supply/shipped.mjs';
import { wrongBinary } from './supply/socket-binaries.mjs';

/** Whose packages the built programs load; what the web app is made of is in its bundle already. */
const WORKSPACES = ['apps/sync-node', 'apps/relay', 'apps/worker', 'apps/cli'];
/** Beside the programs: how to install them, and what may be done with them. */
export const COMPANIONS = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'deploy/backup',
  'deploy/haproxy',
  'deploy/nginx',
  'deploy/observability/prometheus',
  'deploy/redis',
  'deploy/systemd',
  'docs/runbook.md',
  'supported-versions.json',
].filter((path) => existsSync(inRoot(path)));
/** Of Node.js 20, the oldest that is supported. */
const OLDEST_ABI = 115;
/** What belongs to programs of their own, or to threads, and does not answer `--version`. */
const NO_PROGRAMS = new Set(['instrument', 'password-score-thread']);

/** @typedef {{ name: string, archive: string, sha256: string }} Release */

/**
 * Packs `dist` and the packages that it loads into one archive, which runs on a machine with Node.js and nothing else of npm.
 * @param {string} folder that gets the archive and its checksum
 * @returns {Promise<Release>}
 */
export async function makeRelease(folder) {
  const startedMs = performance.now();
  const { version } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const build = fingerprint([DIST, inRoot('package-lock.json'), ...COMPANIONS.map((path) => inRoot(path))]).slice(
    0,
    12,
  );
  const name = `meldesync-${version}-${build}`;
  // Not in the checkout: what the archive lacks would be found in its node_modules.
  const workFolder = mkdtempSync(join(tmpdir(), 'meldesync-release-'));
  try {
    const staged = join(workFolder, name);
    mkdirSync(staged);
    step('release', `${name}: packages …`);
    await installPackages(staged);
    cpSync(DIST, join(staged, 'dist'), { recursive: true, filter: (path) => !/\/\.[a-z]+-hash$/.test(path) });
    for (const path of COMPANIONS)
      cpSync(inRoot(path), join(staged, path), { recursive: true, filter: (file) => !file.endsWith('/test') });
    writeFileSync(join(staged, 'RELEASE'), `${name}\n`);
    writeFileSync(join(staged, 'sbom.cdx.json'), shippedBill());
    makeReadable(staged);
    await requireComplete(staged, version);

    step('release', `${name}: archive …`);
    const archive = join(folder, `${name}.tar.gz`);
    await pack(workFolder, name, archive);
    const sha256 = createHash('sha256').update(readFileSync(archive)).digest('hex');
    writeFileSync(`${archive}.sha256`, `${sha256}  ${name}.tar.gz\n`);
    step('release', `made in ${since(startedMs)}`);
    return { name, archive, sha256 };
  } finally {
    rmSync(workFolder, { recursive: true });
  }
}

/**
 * Who packs, and when, makes no difference to what is in the archive.
 * @param {string} folder
 * @param {string} name of what is packed, in that folder
 * @param {string} archive
 */
async function pack(folder, name, archive) {
  await run('Packing the release', 'tar', [
    '--create',
    '--gzip',
    `--file=${archive}`,
    '--sort=name',
    '--owner=root:0',
    '--group=root:0',
    '--numeric-owner',
    `--mtime=${tryOutput('git', ['log', '-1', '--format=%cI'], { cwd: ROOT }) || '2000-01-01'}`,
    `--directory=${folder}`,
    name,
  ]);
}

/**
 * Those of the lock file, without what development needs, and without our own workspaces, which are in the bundles.
 * @param {string} staged
 */
async function installPackages(staged) {
  const workspaces = ['apps', 'packages'].flatMap((parent) =>
    readdirSync(inRoot(parent)).map((entry) => `${parent}/${entry}`),
  );
  const { workspaces: patterns } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const others = patterns.filter((/** @type {string} */ pattern) => !pattern.includes('*'));
  for (const path of ['package.json', 'package-lock.json', '.npmrc']) cpSync(inRoot(path), join(staged, path));
  for (const path of [...workspaces, ...others]) {
    if (!existsSync(inRoot(path, 'package.json'))) continue;
    mkdirSync(join(staged, path), { recursive: true });
    cpSync(inRoot(path, 'package.json'), join(staged, path, 'package.json'));
  }
  await run(
    'Installing the packages of the release',
    'npm',
    [
      'ci',
      '--omit=dev',
      '--ignore-scripts',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      ...WORKSPACES.flatMap((workspace) => ['--workspace', workspace]),
    ],
    { cwd: staged },
  );
  removeUnneeded(staged);
  for (const path of ['apps', 'packages', ...others, 'package-lock.json', '.npmrc'])
    rmSync(join(staged, path), { recursive: true, force: true });
}

/**
 * Takes out what npm installed and no program loads, and the builds of uWebSockets.js for other systems: 250 MB of them.
 * @param {string} staged
 */
function removeUnneeded(staged) {
  const { packages } = JSON.parse(readFileSync(join(staged, 'package-lock.json'), 'utf8'));
  const needed = neededPackages(packages, WORKSPACES);
  for (const [path, { link }] of Object.entries(packages))
    if (path.includes('node_modules/') && (link || !needed.has(path)))
      rmSync(join(staged, path), { recursive: true, force: true });
  for (const path of ['.bin', '.package-lock.json', '@meldesync'])
    rmSync(join(staged, 'node_modules', path), { recursive: true, force: true });
  const sockets = join(staged, 'node_modules/uWebSockets.js');
  for (const file of readdirSync(sockets)) {
    const { system, abi } = /^uws_(?<system>\w+)_(?<abi>\d+)\.node$/.exec(file)?.groups ?? {};
    if (abi === undefined) continue;
    if (system !== `${process.platform}_${process.arch}` || Number(abi) < OLDEST_ABI) rmSync(join(sockets, file));
  }
  const wrong = wrongBinary(sockets);
  if (wrong !== undefined) throw new Failure(wrong);
}

/**
 * Everybody may read it, and run what may be run, whatever the umask of whoever packs is.
 * @param {string} folder
 */
function makeReadable(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeReadable(path);
    else if (entry.isFile()) chmodSync(path, /\.(sh|node)$/.test(entry.name) ? 0o755 : 0o644);
  }
}

/**
 * Each program is loaded, with all that it loads: a package that was left out would be missed only on the machine of somebody else.
 * @param {string} staged
 * @param {string} version
 */
async function requireComplete(staged, version) {
  for (const program of Object.keys(PROGRAMS)) {
    if (NO_PROGRAMS.has(program)) continue;
    const { status, stdout, output } = await runToEnd(process.execPath, [
      join(staged, `dist/${program}.js`),
      '--version',
    ]);
    if (status !== 0 || stdout.trim() !== version)
      throw new Failure(`The release is not whole: dist/${program}.js --version says\n${output.trimEnd()}`);
  }
}
