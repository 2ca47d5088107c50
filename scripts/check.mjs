import './lib/node-version.mjs';
import { availableParallelism } from 'node:os';
import { runToEnd } from './lib/command.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { answerHelp } from './lib/help.mjs';
import { paint, since } from './lib/log.mjs';
import { inRoot, ROOT } from './lib/paths.mjs';
import { sourceFile } from './lib/programs.mjs';
import { runCommand } from './lib/stop-stack.mjs';
import { NOT_KNOWN } from './lib/supply/not-known.mjs';

answerHelp(`npm run check runs everything but the tests, side by side: form, lint, types, boundaries, documents, requirements, supply, rules of alerts.
It changes nothing; npm run format and npm run docs mend what can be mended by itself.
`);

/** @param {string} path below node_modules */
const tool = (path) => inRoot('node_modules', path);

/**
 * Everything but the tests. Each is a program of Node's with its arguments.
 * @type {{ name: string, program: string[] }[]}
 */
const CHECKS = [
  { name: 'format', program: [tool('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.'] },
  { name: 'lint', program: [tool('oxlint/bin/oxlint'), '--type-aware', '-c', '.oxlintrc.json', '.'] },
  { name: 'types', program: [tool('@typescript/native/bin/tsc'), '-p', 'tsconfig.json'] },
  // The globals of k6 are there for its scripts alone.
  { name: 'load scripts', program: [tool('@typescript/native/bin/tsc'), '-p', 'k6/tsconfig.json'] },
  { name: 'load runner', program: [tool('@typescript/native/bin/tsc'), '-p', 'k6/runner/tsconfig.json'] },
  {
    name: 'boundaries',
    program: [
      tool('dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.mjs',
      'apps',
      'packages',
      'testkit',
      'bench',
      'k6',
      'scripts',
      'deploy',
      'docs',
    ],
  },
  { name: 'unused', program: [tool('knip/bin/knip.js'), '--no-progress'] },
  { name: 'documents', program: [inRoot('scripts/write-docs.mjs'), '--check'] },
  {
    name: 'dashboards',
    program: [...sourceFile(inRoot('deploy/observability/dashboards/src/write.ts')), '--check'],
  },
  { name: 'alert rules', program: [inRoot('scripts/check-rules.mjs')] },
  { name: 'requirements', program: [inRoot('scripts/check-requirements.mjs')] },
  { name: 'security', program: [inRoot('scripts/check-security.mjs')] },
  { name: 'supply', program: [inRoot('scripts/check-supply.mjs')] },
  { name: 'advisories', program: [inRoot('scripts/check-advisories.mjs')] },
];

/** @param {number | string} status */
function markOf(status) {
  if (status === 0) return paint('green', 'ok    ');
  return status === NOT_KNOWN ? paint('yellow', '?     ') : paint('red', 'failed');
}

/** So many at once: the longest use one processor each. */
const AT_ONCE = Math.min(2, availableParallelism());

/**
 * Runs a check, and says how it went.
 * @param {(typeof CHECKS)[number]} check
 * @returns {Promise<string | undefined>} what it has to say where it failed
 */
async function carryOut({ name, program }) {
  const startedMs = performance.now();
  const { status, output } = await runToEnd(process.execPath, program, { cwd: ROOT });
  process.stdout.write(`${name.padEnd(13)} ${markOf(status)}  ${since(startedMs)}\n`);
  if (status === NOT_KNOWN) process.stdout.write(`${' '.repeat(13)} ${output.trimEnd()}\n`);
  return status === 0 || status === NOT_KNOWN ? undefined : `${paint('bold', name)}\n${output.trimEnd()}`;
}

await runCommand(async () => {
  await ensureDependencies();
  const waiting = [...CHECKS];
  /** @type {string[]} */
  const failures = [];
  const runWaiting = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const failure = await carryOut(next);
      if (failure !== undefined) failures.push(failure);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runWaiting));
  if (failures.length > 0) process.stdout.write(`\n${failures.join('\n\n')}\n`);
  return failures.length === 0 ? 0 : 1;
});
