import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, run, tryOutput } from '../command.mjs';
import { canInstallPackages, installPackages } from '../debian.mjs';
import { Failure } from '../failure.mjs';
import { since, step } from '../log.mjs';
import { inRoot, ROOT } from '../paths.mjs';

/** Where the base, the image and what it was unpacked to are kept. */
const FOLDER = inRoot('.data/image');
const STORAGE = ['--root', join(FOLDER, 'storage'), '--runroot', join(FOLDER, 'run'), '--storage-driver', 'vfs'];
const BASE = 'localhost/debian:13';
const TAG = 'localhost/meldesync:check';
const DEBIAN = 'http://deb.debian.org/debian';

/** Of a machine whose connections a proxy opens. */
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

const PACKAGES = ['buildah', 'umoci', 'debootstrap', 'runc'];

async function requirePrograms() {
  const areMissing = () => PACKAGES.filter((name) => findProgram([name]) === undefined);
  if (areMissing().length > 0 && canInstallPackages()) await installPackages(areMissing(), []);
  if (process.getuid?.() === 0 && areMissing().length === 0) return;
  throw new Failure(`The image is built here without Docker, as root, by ${PACKAGES.join(', ')} of Debian.`);
}

/** @param {string} title @param {string[]} args */
const buildah = (title, args) => run(title, 'buildah', [...STORAGE, ...args], { cwd: ROOT });

/** Debian 13 as an image, made from Debian's own packages where none is there yet. */
async function ensureBase() {
  if (tryOutput('buildah', [...STORAGE, 'images', '--quiet', BASE])) return;
  const startedMs = performance.now();
  step('image', 'Debian 13 by debootstrap …');
  const root = join(FOLDER, 'debian');
  rmSync(root, { recursive: true, force: true });
  await run('Making Debian 13', 'debootstrap', ['--variant=minbase', 'trixie', root, DEBIAN]);
  for (const cache of ['var/cache/apt', 'var/lib/apt/lists', 'var/log']) {
    rmSync(join(root, cache), { recursive: true, force: true });
    mkdirSync(join(root, cache));
  }
  const container = (await buildah('Beginning the base', ['from', 'scratch'])).trim();
  await buildah('Filling the base', ['add', '--quiet', container, root, '/']);
  await buildah('Keeping the base', ['commit', '--quiet', container, BASE]);
  await buildah('Ending the base', ['rm', container]);
  rmSync(root, { recursive: true, force: true });
  step('image', `made in ${since(startedMs)}`);
}

/**
 * Builds the image as its Dockerfile says, and unpacks it.
 * @returns {Promise<Unpacked & { seconds: number, buildah: string }>}
 */
export async function buildImage() {
  await requirePrograms();
  mkdirSync(FOLDER, { recursive: true });
  await ensureBase();
  const startedMs = performance.now();
  step('image', 'building …');
  await buildah('Building the image', [
    'bud',
    '--isolation',
    'chroot',
    '--pull-never',
    '--format',
    'docker',
    '--build-arg',
    `BASE=${BASE}`,
    ...(existsSync(CERTIFICATES) ? ['--secret', `id=ca,src=${CERTIFICATES}`] : []),
    '--file',
    'deploy/docker/Dockerfile',
    '--tag',
    TAG,
    '.',
  ]);
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  step('image', `built in ${seconds} s`);
  return { ...(await unpack()), seconds, buildah: await version() };
}

/**
 * @typedef {object} Unpacked
 * @property {string} rootfs
 * @property {Record<string, string>} environment the image's own
 * @property {number} megabytes
 * @property {number} compressedMegabytes as it travels
 */

/** @returns {Promise<Unpacked>} */
async function unpack() {
  const oci = join(FOLDER, 'oci');
  const bundle = join(FOLDER, 'bundle');
  const rootfs = join(bundle, 'rootfs');
  for (const folder of [oci, bundle]) rmSync(folder, { recursive: true, force: true });
  await buildah('Writing the image', ['push', '--quiet', TAG, `oci:${oci}:check`]);
  await run('Unpacking the image', 'umoci', ['unpack', '--image', `${oci}:check`, bundle]);
  const { env } = JSON.parse(readFileSync(join(bundle, 'config.json'), 'utf8')).process;
  const unpacked = {
    rootfs,
    environment: Object.fromEntries(env.map((/** @type {string} */ entry) => entry.split(/=(.*)/s, 2))),
    megabytes: await megabytesOf(rootfs),
    compressedMegabytes: await megabytesOf(oci),
  };
  rmSync(oci, { recursive: true, force: true });
  return unpacked;
}

/** @param {string} folder */
async function megabytesOf(folder) {
  return Number.parseInt(await run('Measuring the image', 'du', ['--summarize', '--block-size=MB', folder]), 10);
}

async function version() {
  const [, , number = ''] = (await run('buildah', 'buildah', ['--version'])).split(' ');
  return number;
}
