import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleOptions } from './build.mjs';
import { run } from './command.mjs';
import { inRoot } from './paths.mjs';
import { SUPPORTED } from './versions.mjs';

/** What cannot be in a bundle: it has binaries of its own, and the program does without them. */
const NATIVE = '@napi-rs/keyring';
/** Asked for by a library where it is there. */
const NEVER = ['pg-native'];

/**
 * Makes an archive of the command line client with all that it needs, but for the system's keyring, which npm adds where it can.
 * @param {string} folder where it is put
 * @returns {Promise<string>} its path
 */
export async function packCli(folder) {
  const content = mkdtempSync(join(tmpdir(), 'meldesync-cli-'));
  mkdirSync(folder, { recursive: true });
  try {
    await fill(content);
    const told = await run('Packing the command line client', 'npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: content,
    });
    /** @type {[{ filename: string }]} */
    const [{ filename }] = JSON.parse(told);
    return join(folder, filename);
  } finally {
    rmSync(content, { recursive: true, force: true });
  }
}

/** @param {string} content folder of the package */
async function fill(content) {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    ...bundleOptions(),
    entryPoints: [{ out: 'meldesync', in: inRoot('apps/cli/src/main.ts') }],
    outdir: join(content, 'lib'),
    splitting: true,
    minify: true,
    sourcemap: false,
    external: [NATIVE, ...NEVER],
    metafile: true,
    absWorkingDir: inRoot(),
  });
  /** @type {{ version: string, license: string, dependencies: Record<string, string> }} */
  const { version, license, dependencies } = JSON.parse(readFileSync(inRoot('apps/cli/package.json'), 'utf8'));
  const manifest = {
    name: 'meldesync',
    version,
    description: 'Terminal client of MeldeSync',
    license,
    type: 'module',
    bin: { meldesync: 'lib/meldesync.js' },
    files: ['lib', 'third-party-licenses.txt'],
    engines: { node: `>=${SUPPORTED.node}` },
    optionalDependencies: { [NATIVE]: dependencies[NATIVE] },
  };
  writeFileSync(join(content, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(content, 'third-party-licenses.txt'), noticesOf(Object.keys(metafile.inputs)));
  cpSync(inRoot('apps/cli/README.md'), join(content, 'README.md'));
  cpSync(inRoot('LICENSE'), join(content, 'LICENSE'));
}

/**
 * The licences of the packages that a bundle holds.
 * @param {string[]} inputs paths of its sources, below the root
 */
function noticesOf(inputs) {
  const folders = new Set(inputs.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(inRoot(folder), 'package.json'), 'utf8'));
      return `${name} ${version} (${license})\n\n${licenceTextIn(inRoot(folder))}`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** @param {string} folder */
function licenceTextIn(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  return file === undefined ? '' : readFileSync(join(folder, file), 'utf8');
}
