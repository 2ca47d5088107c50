// `npm test`: the tests for each change, in a few minutes; `npm test -- --all`: also those that take long, as before a change goes in (the
// longest run at night); `npm test -- <file or option of vitest> …`: those, wherever they stand.
import './lib/node-version.mjs';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { Failure } from './lib/failure.mjs';
import { runInForeground } from './lib/foreground.mjs';
import { answerHelp } from './lib/help.mjs';
import { inRoot } from './lib/paths.mjs';
import { ensurePrometheus } from './lib/prometheus-programs.mjs';
import { ensureRedisServer } from './lib/redis-server.mjs';
import { runCommand } from './lib/stop-stack.mjs';

answerHelp(`npm test runs the tests for each change, on a Postgres, Redis and Chromium of their own.

npm test -- --all        also those that take long, but not the longest, which npm run nightly runs
npm test -- PATH…        those of these files, wherever they stand
npm test -- -t PATTERN   those with it in their name; any other option of vitest as well (npx vitest --help)
`);

const SEEDS = '500';
const SEEDS_FOR_EACH_CHANGE = '200';

/** Debian's package manager does one thing at a time. */
async function ensurePrograms() {
  const programs = { REDIS_SERVER_BIN: await ensureRedisServer(), CHROMIUM_PATH: await ensureChromium() };
  await ensurePrometheus();
  return programs;
}

/**
 * What vitest is told, and how many seeds the simulation takes if nobody said it.
 * @param {string[]} words
 */
function chooseTests(words) {
  if (words.length === 0) return { choice: ['--project=!long', '--project=!nightly'], seeds: SEEDS_FOR_EACH_CHANGE };
  if (!words.includes('--all')) return { choice: words, seeds: SEEDS };
  return { choice: ['--project=!nightly', ...words.filter((word) => word !== '--all')], seeds: SEEDS };
}

await runCommand(async (stack) => {
  const { choice, seeds } = chooseTests(process.argv.slice(2));
  const [programs] = await Promise.all([ensurePrograms(), ensureDependencies().then(() => ensureBuild())]);

  const folder = mkdtempSync(join(tmpdir(), 'meldesync-test-'));
  const countsFile = join(folder, 'counts.json');
  const reporters = ['--reporter=default', `--reporter=${inRoot('scripts/lib/test-counts-reporter.mjs')}`];
  const exitCode = await runInForeground(
    stack,
    'vitest',
    [inRoot('node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...choice],
    { SIM_RUNS: seeds, ...process.env, ...programs, TEST_COUNTS_FILE: countsFile },
  );

  const written = existsSync(countsFile) ? readFileSync(countsFile, 'utf8') : undefined;
  rmSync(folder, { recursive: true, force: true });
  if (written === undefined) throw new Failure('The test run ended before it had results.');
  /** @type {import('./lib/test-counts-reporter.mjs').TestCounts} */
  const { passed, failed, skipped } = JSON.parse(written);
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return exitCode;
});
