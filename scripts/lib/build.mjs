import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { run } from './command.mjs';
import { compressFolder } from './compressed-files.mjs';
import { fingerprint } from './fingerprint.mjs';
import { since, step } from './log.mjs';
import { DIST, inRoot } from './paths.mjs';
import { PROGRAMS, sourceProgram } from './programs.mjs';
import { isOlder, SUPPORTED } from './versions.mjs';

/** @typedef {{ name: 'programs' | 'web', sources: string[], output: string, make: () => Promise<void> }} Part */

const TOOLING = [
  'package-lock.json',
  'package.json',
  'supported-versions.json',
  'tsconfig.base.json',
  'scripts/lib/build.mjs',
  'scripts/lib/compressed-files.mjs',
  'scripts/lib/versions.mjs',
].map((path) => inRoot(path));

/**
 * What each program begins with: a sentence where Node.js is too old for what follows, and the `require` that a bundled
 * CommonJS package still calls for the packages left out.
 */
const PROLOGUE = `import { createRequire as $createRequire } from 'node:module';
{
  const isOlder = ${isOlder.toString()};
  if (isOlder(process.versions.node, '${SUPPORTED.node}')) {
    process.stderr.write(\`This is Node.js \${process.version}, and MeldeSync needs ${SUPPORTED.node} or newer.\\n\`);
    process.exit(1);
  }
}
const require = $createRequire(import.meta.url);`;

/**
 * Leaves packages of others out of the bundles, and takes our own workspaces in. A package that npm put into a
 * workspace's own node_modules, because of its version, cannot be found from `dist` and goes in too.
 * @type {import('esbuild').Plugin}
 */
const onlyOurOwn = {
  name: 'only-our-own',
  setup(build) {
    const shared = inRoot('node_modules') + sep;
    build.onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
      if (kind === 'entry-point' || path.startsWith('@meldesync/')) return undefined;
      if (path.startsWith('node:')) return { external: true };
      try {
        return createRequire(importer).resolve(path).startsWith(shared) ? { external: true } : undefined;
      } catch {
        // Only importable, not requirable: look where its folder is instead.
        const name = path
          .split('/')
          .slice(0, path.startsWith('@') ? 2 : 1)
          .join('/');
        return isNested(name, dirname(importer)) ? undefined : { external: true };
      }
    });
  },
};

/**
 * Whether a package is found below the root's own node_modules, looking up from a folder.
 * @param {string} name
 * @param {string} folder
 */
function isNested(name, folder) {
  for (let at = folder; at.startsWith(inRoot() + sep); at = dirname(at)) {
    if (existsSync(join(at, 'node_modules', name))) return true;
  }
  return false;
}

/** How every program for Node.js is bundled. */
export function bundleOptions() {
  return /** @type {const} */ ({
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: `node${SUPPORTED.node}`,
    legalComments: 'none',
    logLevel: 'warning',
    banner: { js: PROLOGUE },
  });
}

async function makePrograms() {
  const { build } = await import('esbuild');
  const { cli, ...others } = PROGRAMS;
  const options = {
    ...bundleOptions(),
    outdir: DIST,
    sourcemap: true,
    sourcesContent: false,
    plugins: [onlyOurOwn],
  };
  await build({
    ...options,
    entryPoints: Object.entries(others).map(([out, source]) => ({ out, in: inRoot(source) })),
  });
  // What it loads only when it is asked to (`import()`) is in files of its own: the libraries in there take longer to load than the rest.
  rmSync(join(DIST, 'cli'), { recursive: true, force: true });
  await build({
    ...options,
    entryPoints: [{ out: 'cli', in: inRoot(cli) }],
    splitting: true,
    chunkNames: 'cli/[name]-[hash]',
  });
  // Made here, and not by each node at its start.
  const document = await run('Describing the HTTP API', process.execPath, sourceProgram('describe-api'));
  mkdirSync(join(DIST, 'api'), { recursive: true });
  writeFileSync(join(DIST, 'api/openapi.json'), document);
  await compressFolder(join(DIST, 'api'));
  rmSync(join(DIST, 'migrations'), { recursive: true, force: true });
  cpSync(inRoot('packages/db/migrations'), join(DIST, 'migrations'), { recursive: true });
}

async function makeWeb() {
  const vite = inRoot('node_modules/vite/bin/vite.js');
  await run(
    'Building the web app',
    process.execPath,
    [vite, 'build', '--outDir', join(DIST, 'web'), '--emptyOutDir', '--logLevel=warn'],
    {
      cwd: inRoot('apps/web'),
      env: { ...process.env, NODE_ENV: 'production' },
    },
  );
  await compressFolder(join(DIST, 'web'));
}

/** @type {Record<Part['name'], Part>} */
const PARTS = {
  programs: {
    name: 'programs',
    sources: ['apps/relay', 'apps/worker', 'apps/sync-node', 'apps/cli', 'packages'].map((path) => inRoot(path)),
    output: join(DIST, 'relay.js'),
    make: makePrograms,
  },
  web: {
    name: 'web',
    sources: ['apps/web', 'packages/client', 'packages/domain', 'packages/protocol'].map((path) => inRoot(path)),
    output: join(DIST, 'web/index.html'),
    make: makeWeb,
  },
};

/**
 * Builds parts of `dist` whose sources have changed since they were last built.
 * @param {Part['name'][]} [names] by default everything
 */
export async function ensureBuild(names = ['programs', 'web']) {
  mkdirSync(DIST, { recursive: true });
  for (const { name, sources, output, make } of names.map((part) => PARTS[part])) {
    const stamp = join(DIST, `.${name}-hash`);
    const wanted = fingerprint([...TOOLING, ...sources]);
    if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) continue;
    const startedMs = performance.now();
    step('build', `${name} …`);
    rmSync(stamp, { force: true });
    await make();
    writeFileSync(stamp, wanted);
    step('build', `${name} built in ${since(startedMs)}`);
  }
}
