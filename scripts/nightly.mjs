// `npm run nightly`: what takes too long for every change, one after the other, with one table at the end.
import './lib/node-version.mjs';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { answerHelp } from './lib/help.mjs';
import { fail, step } from './lib/log.mjs';
import { runTrial } from './lib/nightly/run-trial.mjs';
import { resultLine, resultTable } from './lib/nightly/table.mjs';
import { allTrials, chooseTrials, findMeasurements } from './lib/nightly/trials.mjs';
import { COULD_NOT_RUN, judge, nightCode } from './lib/nightly/verdict.mjs';
import { inRoot } from './lib/paths.mjs';
import { runCommand } from './lib/stop-stack.mjs';

answerHelp(`npm run nightly runs what takes too long for every change, one after the other, with one table at the end, which it leaves in .data/nightly too.

npm run nightly -- NAME…   only these; a wrong name lists what there is
`);

await runCommand(async (stack) => {
  await ensureDependencies();
  await ensureBuild();
  const startedAt = new Date();
  const trials = allTrials(await findMeasurements(), process.env, startedAt);
  const { chosen, unknown } = chooseTrials(trials, process.argv.slice(2));
  if (unknown.length > 0) {
    fail(
      `There is no ${unknown.join(', ')}. There are:\n${trials.map(({ name }) => `  ${name}`).join('\n')}\nor the first word of some: simulation, fuzz, retention, drill, bench.`,
    );
    return COULD_NOT_RUN;
  }

  const folder = inRoot('.data/nightly', startedAt.toISOString().slice(0, 19).replaceAll(':', '-'));
  mkdirSync(folder, { recursive: true });
  const width = Math.max(...chosen.map(({ name }) => name.length));
  /** @type {import('./lib/nightly/table.mjs').Result[]} */
  const results = [];
  for (const trial of chosen) {
    const startedMs = performance.now();
    const { end, output } = await runTrial(stack, trial, join(folder, `${trial.name}.log`));
    const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
    const result = { name: trial.name, ...judge(trial.kind, end, output), seconds };
    results.push(result);
    // After each, so that a night which is broken off has told what it found.
    writeFileSync(
      join(folder, 'results.json'),
      `${JSON.stringify({ startedAt, code: nightCode(results), isWhole: results.length === chosen.length, results }, null, 2)}\n`,
    );
    process.stdout.write(`${resultLine(result, width)}\n`);
  }
  process.stdout.write(`\n${resultTable(results)}\n\n`);
  step('nightly', `results.json and what each trial wrote are in ${folder}`);
  return nightCode(results);
});
