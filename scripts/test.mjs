import './lib/node-version.mjs';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { Failure } from './lib/failure.mjs';
import { runInForeground } from './lib/foreground.mjs';
import { inRoot } from './lib/paths.mjs';
import { ensurePrometheus } from './lib/prometheus-programs.mjs';
import { ensureRedisServer } from './lib/redis-server.mjs';
import { runCommand } from './lib/stop-stack.mjs';

/** Debian's package manager does one thing at a time. */
async function ensurePrograms() {
  const programs = { REDIS_SERVER_BIN: await ensureRedisServer(), CHROMIUM_PATH: await ensureChromium() };
  await ensurePrometheus();
  return programs;
}

await runCommand(async (stack) => {
  const [programs] = await Promise.all([ensurePrograms(), ensureDependencies().then(() => ensureBuild())]);

  const folder = mkdtempSync(join(tmpdir(), 'meldesync-test-'));
  const countsFile = join(folder, 'counts.json');
  const reporters = ['--reporter=default', `--reporter=${inRoot('scripts/lib/test-counts-reporter.mjs')}`];
  const exitCode = await runInForeground(
    stack,
    'vitest',
    [inRoot('node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...process.argv.slice(2)],
    { ...process.env, ...programs, TEST_COUNTS_FILE: countsFile },
  );

  const written = existsSync(countsFile) ? readFileSync(countsFile, 'utf8') : undefined;
  rmSync(folder, { recursive: true, force: true });
  if (written === undefined) throw new Failure('The test run ended before it had results.');
  /** @type {import('./lib/test-counts-reporter.mjs').TestCounts} */
  const { passed, failed, skipped } = JSON.parse(written);
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return exitCode;
});
