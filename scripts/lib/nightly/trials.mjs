import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { run } from '../command.mjs';
import { inRoot } from '../paths.mjs';

/**
 * One run of the night.
 * @typedef {object} Trial
 * @property {string} name for people and for the command line
 * @property {'tests' | 'measurement'} kind how its exit code and output are to be read
 * @property {string[]} program Node's arguments
 * @property {Record<string, string>} environment besides the night's own
 * @property {number} limitMs how long it may take
 */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const DRILL_LIMIT_MS = 10 * MINUTE_MS;
/** A drill breaks one thing for seconds. `faults` breaks everything, some of it for two minutes, and mostly waits meanwhile. */
const LONG_DRILLS = new Map([
  ['faults', { options: ['--at-once', String(availableParallelism() + 1)], limitMs: 60 * MINUTE_MS }],
  ['balanced-redis-away', { options: ['--seconds', '20'], limitMs: DRILL_LIMIT_MS }],
]);

/** Seeds and cases of a night, unless the environment says otherwise. */
const DEFAULTS = { SIM_RUNS: '10000', FC_RUNS: '500' };

/** Tests that try more at night: by which setting, and how much, unless the environment says otherwise. A deleted record is two changes. */
const ENLARGED = [
  {
    name: 'retention',
    path: 'apps/worker/test/retention-million.test.ts',
    setting: 'RETENTION_RECORDS',
    value: '500000',
  },
  {
    name: 'audit-operations',
    path: 'testkit/test/audit-operations.test.ts',
    setting: 'AUDIT_OPERATIONS',
    value: '10000',
  },
  { name: 'tampering', path: 'packages/db/test/seal-tampering.test.ts', setting: 'TAMPER_ROUNDS', value: '200' },
  { name: 'audit-looks', path: 'apps/web/test/audit-accessibility.test.ts', setting: 'LOOKS', value: '6' },
];

/**
 * The tests that try as many random cases as FC_RUNS says.
 * @returns {string[]} paths in the checkout
 */
export function fuzzTests() {
  return ['apps', 'packages', 'testkit']
    .flatMap((folder) =>
      readdirSync(inRoot(folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
    )
    .filter((path) => /\.test\.tsx?$/.test(path) && !path.includes('node_modules'))
    .filter((path) => readFileSync(inRoot(path), 'utf8').includes('FC_RUNS'));
}

/**
 * What a program of `bench/src` can do, as it says itself.
 * @param {string} file
 */
async function namesOf(file) {
  const program = [inRoot('node_modules/tsx/dist/cli.mjs'), inRoot('bench/src', file), '--list'];
  const output = await run(`Asking what ${file} can do`, process.execPath, program);
  return output.trim().split('\n');
}

/**
 * @param {string} script below scripts
 * @param {string[]} args
 */
const script = (script, ...args) => [inRoot('scripts', script), ...args];

/**
 * @typedef {{ drills: string[], benches: string[] }} Measurements their names
 * @returns {Promise<Measurements>}
 */
export async function findMeasurements() {
  const [drills, benches] = await Promise.all([namesOf('drill.ts'), namesOf('main.ts')]);
  return { drills, benches };
}

/**
 * Everything a night runs, in its order: what finds faults first, then what measures.
 * @param {Measurements} measurements
 * @param {NodeJS.ProcessEnv} environment `SIM_RUNS`, `SIM_FROM`, `FC_RUNS` and those of `ENLARGED` as for the tests themselves
 * @param {Date} now
 * @returns {Trial[]}
 */
export function allTrials({ drills, benches }, environment, now) {
  const simRuns = environment['SIM_RUNS'] ?? DEFAULTS.SIM_RUNS;
  // Other seeds each night, the same ones all day.
  const simFrom = environment['SIM_FROM'] ?? String(Math.floor(now.getTime() / DAY_MS) * Number(simRuns) + 1);
  return [
    {
      name: 'simulation',
      kind: 'tests',
      program: script('test.mjs', 'testkit/test/simulation.test.ts'),
      environment: { SIM_RUNS: simRuns, SIM_FROM: simFrom },
      limitMs: 60 * MINUTE_MS,
    },
    ...fuzzTests().map((path) => ({
      name: `fuzz-${basename(path).replace(/\.test\.tsx?$/, '')}`,
      kind: /** @type {const} */ ('tests'),
      program: script('test.mjs', path),
      environment: { FC_RUNS: environment['FC_RUNS'] ?? DEFAULTS.FC_RUNS },
      limitMs: 60 * MINUTE_MS,
    })),
    {
      name: 'longest-tests',
      kind: 'tests',
      program: script('test.mjs', '--project=nightly'),
      environment: {},
      limitMs: 60 * MINUTE_MS,
    },
    ...ENLARGED.map(({ name, path, setting, value }) => ({
      name,
      kind: /** @type {const} */ ('tests'),
      program: script('test.mjs', path),
      environment: { [setting]: environment[setting] ?? value },
      limitMs: 60 * MINUTE_MS,
    })),
    ...drills.map((name) => ({
      name: `drill-${name}`,
      kind: /** @type {const} */ ('measurement'),
      program: script('drill.mjs', name, ...(LONG_DRILLS.get(name)?.options ?? [])),
      environment: {},
      limitMs: LONG_DRILLS.get(name)?.limitMs ?? DRILL_LIMIT_MS,
    })),
    ...benches.map((name) => ({
      name: `bench-${name}`,
      kind: /** @type {const} */ ('measurement'),
      program: script('bench.mjs', name),
      environment: {},
      limitMs: 15 * MINUTE_MS,
    })),
  ];
}

/**
 * The trials that were asked for: by name, or by how their names begin.
 * @param {Trial[]} trials
 * @param {string[]} wanted all when empty
 * @returns {{ chosen: Trial[], unknown: string[] }}
 */
export function chooseTrials(trials, wanted) {
  /** @param {string} word @param {Trial} trial */
  const fits = (word, { name }) => name === word || name.startsWith(`${word}-`);
  return {
    chosen: wanted.length === 0 ? trials : trials.filter((trial) => wanted.some((word) => fits(word, trial))),
    unknown: wanted.filter((word) => !trials.some((trial) => fits(word, trial))),
  };
}
