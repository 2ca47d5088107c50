import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from './paths.mjs';
import { SUPPORTED } from './versions.mjs';

/** Where the runner of load tests is built to. */
const FOLDER = inRoot('k6/dist');

/**
 * Builds the runner of load tests.
 * @returns {Promise<string>} the program
 */
export async function buildLoadRunner() {
  const { build } = await import('esbuild');
  rmSync(FOLDER, { recursive: true, force: true });
  const source = inRoot('k6/runner');
  await Promise.all([
    build({
      entryPoints: { runner: join(source, 'main.ts'), thread: join(source, 'thread/thread-main.ts') },
      outdir: FOLDER,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      target: `node${SUPPORTED.node}`,
      sourcemap: true,
      logLevel: 'warning',
    }),
    build({
      entryPoints: { page: join(source, 'report/page/page.ts') },
      outdir: FOLDER,
      bundle: true,
      format: 'iife',
      minify: true,
      target: 'es2022',
      logLevel: 'warning',
    }),
  ]);
  return join(FOLDER, 'runner.js');
}
