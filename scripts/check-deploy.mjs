// Checks all that lies under deploy/ with the tools that will read it: a line each, and one of JSON at the end, for programs.
import './lib/node-version.mjs';
import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureDependencies } from './lib/dependencies.mjs';
import { describeError } from './lib/failure.mjs';
import { paint, since } from './lib/log.mjs';
import { inRoot } from './lib/paths.mjs';
import { runCommand } from './lib/stop-stack.mjs';

/**
 * One tool on one thing. `run` installs what it needs, resolves to a short line (the tool's version, what was checked), and throws a Failure
 * with the tool's output. What takes minutes `isSlow`, and waits for `--all`.
 * @typedef {{ tool: string, subject: string, run: () => Promise<string>, isSlow?: boolean }} DeployCheck
 */

/** @typedef {{ tool: string, subject: string, outcome: 'ok' | 'failed' | 'skipped', says: string, seconds: number }} CheckResult */

const HELP = `npm run check:deploy checks the files under deploy/ with the tools that read them: a line each, and one of JSON at the end.

npm run check:deploy -- NAME…   only the checks whose tool or subject has one of these words in it
npm run check:deploy -- --all   those too that take minutes: builds the image and tries it, builds helm
`;

const { values, positionals } = parseArgs({
  options: { help: { type: 'boolean' }, all: { type: 'boolean', default: false } },
  allowPositionals: true,
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const CHECKS = inRoot('scripts/lib/deploy-checks');

/** @returns {Promise<DeployCheck[]>} what each file there brings, in the order of their names */
async function findChecks() {
  const files = readdirSync(CHECKS)
    .filter((name) => name.endsWith('.mjs') && !name.endsWith('.test.mjs'))
    .toSorted();
  const parts = await Promise.all(files.map((name) => import(pathToFileURL(`${CHECKS}/${name}`).href)));
  return parts.flatMap((part) => part.default);
}

/** @param {DeployCheck} check */
function isWanted({ tool, subject }) {
  return positionals.length === 0 || positionals.some((word) => `${tool} ${subject}`.includes(word));
}

/**
 * @param {DeployCheck} check
 * @returns {Promise<CheckResult>}
 */
async function runCheck({ tool, subject, isSlow, run }) {
  if (isSlow && !values.all) return { tool, subject, outcome: 'skipped', says: 'takes minutes: --all', seconds: 0 };
  const startedMs = performance.now();
  const seconds = () => Math.round((performance.now() - startedMs) / 100) / 10;
  try {
    return { tool, subject, outcome: 'ok', says: await run(), seconds: seconds() };
  } catch (error) {
    return { tool, subject, outcome: 'failed', says: describeError(error), seconds: seconds() };
  }
}

const MARKS = {
  ok: paint('green', 'ok     '),
  failed: paint('red', 'failed '),
  skipped: paint('yellow', 'skipped'),
};

await runCommand(async () => {
  await ensureDependencies();
  const startedMs = performance.now();
  /** @type {CheckResult[]} */
  const results = [];
  for (const check of (await findChecks()).filter(isWanted)) {
    const result = await runCheck(check);
    const [first = '', ...rest] = result.says.split('\n');
    process.stdout.write(
      `${result.tool.padEnd(20)} ${MARKS[result.outcome]} ${result.subject}: ${first} (${result.seconds} s)\n`,
    );
    for (const line of rest) process.stdout.write(`  ${line}\n`);
    results.push(result);
  }
  if (results.length === 0) process.stdout.write('no check has that name\n');
  const count = (/** @type {CheckResult['outcome']} */ outcome) =>
    results.filter((result) => result.outcome === outcome).length;
  process.stdout.write(`all of it took ${since(startedMs)}\n`);
  const summary = { ok: count('ok'), failed: count('failed'), skipped: count('skipped'), checks: results };
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  return results.length > 0 && summary.failed === 0 ? 0 : 1;
});
