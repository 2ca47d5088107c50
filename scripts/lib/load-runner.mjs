import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inRoot } from './paths.mjs';
import { SUPPORTED } from './versions.mjs';

/** Where the runner of load tests is built to. */
const FOLDER = inRoot('k6/dist');

/** Has glibc give memory back that was freed: what bodies and messages took for a moment would count for good. */
const GIVES_BACK = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' };

/** What the last line of the runner begins with. */
const VERDICT = '{"load":';

/**
 * Builds the runner of load tests.
 * @returns {Promise<string>} the program
 */
export async function buildLoadRunner() {
  const { build } = await import('esbuild');
  const source = inRoot('k6/runner');
  const built = await Promise.all([
    build({
      entryPoints: { runner: join(source, 'main.ts'), thread: join(source, 'thread/thread-main.ts') },
      outdir: FOLDER,
      bundle: true,
      write: false,
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
      write: false,
      format: 'iife',
      minify: true,
      target: 'es2022',
      logLevel: 'warning',
    }),
  ]);
  mkdirSync(FOLDER, { recursive: true });
  // In one step each: another command may be loading them.
  for (const { path, contents } of built.flatMap(({ outputFiles }) => outputFiles)) {
    writeFileSync(`${path}.${process.pid}`, contents);
    renameSync(`${path}.${process.pid}`, path);
  }
  return join(FOLDER, 'runner.js');
}

/**
 * @typedef {object} LoadOrder
 * @property {string} name of the scenario
 * @property {string} script
 * @property {string} outFolder
 * @property {string} threads
 * @property {string | undefined} k6 the program, where there is one
 * @property {Record<string, string>} environment what the script is told
 * @property {() => void} onStarted
 */

/**
 * Runs a script to its end.
 * @param {import('./stop-stack.mjs').StopStack} stack
 * @param {string} program as it was built
 * @param {LoadOrder} order
 * @returns {Promise<{ exitCode: number, verdict: string | undefined }>} `verdict`: its last line, which is JSON
 */
export async function runLoad(stack, program, { name, script, outFolder, threads, k6, environment, onStarted }) {
  const told = Object.entries(environment).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
  const engine = k6 === undefined ? [] : ['--k6', k6];
  const options = ['--out', outFolder, '--title', name, '--threads', threads, ...engine, ...told];
  const child = spawn(process.execPath, ['--optimize-for-size', program, script, ...options], {
    // In its own process group: a terminal's Ctrl-C reaches it through us, and it ends with its summary.
    detached: true,
    env: { ...process.env, ...GIVES_BACK },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  child.on('message', onStarted);
  /** @type {string | undefined} */
  let verdict;
  createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdout) }).on('line', (line) => {
    if (line.startsWith(VERDICT)) verdict = line;
    else process.stdout.write(`${line}\n`);
  });
  /** @type {Promise<number>} */
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
  stack.push({
    name: 'load',
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
    kill: () => void child.kill('SIGKILL'),
  });
  return { exitCode: await ended, verdict };
}
