import './lib/node-version.mjs';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild } from './lib/build.mjs';
import { findProgram, run } from './lib/command.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { Failure } from './lib/failure.mjs';
import { loadUsage, readCatalogue, readLoadArguments } from './lib/load-arguments.mjs';
import { startLoadCluster } from './lib/load-cluster.mjs';
import { buildLoadRunner, runLoad } from './lib/load-runner.mjs';
import { step } from './lib/log.mjs';
import { inRoot } from './lib/paths.mjs';
import { watchProcesses } from './lib/process-watch.mjs';
import { sourceFile } from './lib/programs.mjs';
import { ensureRedisServer } from './lib/redis-server.mjs';
import { runCommand } from './lib/stop-stack.mjs';

/** @typedef {import('./lib/load-arguments.mjs').LoadArguments} LoadArguments */

const ANSWER_MS = 10_000;

if (process.argv.includes('--help')) {
  process.stdout.write(`${loadUsage(readCatalogue())}\n`);
  process.exit(0);
}

await runCommand(async (stack) => {
  const given = readLoadArguments(process.argv.slice(2), readCatalogue());
  const { name, outFolder, restartAtSeconds, url } = given;
  await ensureDependencies();
  const k6 = findProgram(['k6']);
  const engine = k6 === undefined ? 'k6/runner: k6 itself is not on the PATH, and this is not k6' : `k6, from ${k6}`;
  step('load', `${name} by ${engine}`);
  mkdirSync(outFolder, { recursive: true });
  const program = await buildLoadRunner();

  const target = url === undefined ? await ownTarget(stack, given) : await givenTarget(url, given);
  const environment = { BASE_URL: target.url, PEOPLE_FILE: target.peopleFile, ...given.environment };
  const watch = watchProcesses(target.processes);
  const { exitCode, verdict } = await runLoad(stack, program, {
    ...given,
    k6,
    environment,
    onStarted: () => {
      if (restartAtSeconds === undefined) return;
      setTimeout(() => {
        step('load', 'rolling restart of the nodes begins');
        // Counted are the snapshots that are read because of it.
        watch
          .markLoss()
          .then(target.restartNodes)
          .then(
            () => step('load', 'rolling restart of the nodes is over'),
            (error) => stack.reportFailure(error),
          );
      }, restartAtSeconds * 1_000).unref();
    },
  });
  const taken = await watch.stop();
  for (const { name, firstMiB, lastMiB, mibPerMinute } of taken.memory) {
    const [first, last] = [firstMiB, lastMiB].map((value) => value.toFixed(0));
    const slope = mibPerMinute === undefined ? '' : `, ${mibPerMinute.toFixed(2)} MiB a minute over the second half`;
    step('memory', `${name.padEnd(9)} ${first} to ${last} MiB${slope}`);
  }
  if (taken.snapshotQueries !== undefined) {
    step('database', `${taken.snapshotQueries} pages of snapshots read by the nodes since the restart began`);
  }
  // What the processes say when they end comes before the last line.
  await stack.stopAll();
  step('report', join(outFolder, 'report.html'));
  if (verdict !== undefined) process.stdout.write(`${verdict}\n`);
  return exitCode;
});

/**
 * Starts a MeldeSync, and adds as many people and records as the scenario wants.
 * @param {import('./lib/stop-stack.mjs').StopStack} stack
 * @param {LoadArguments} given
 */
async function ownTarget(stack, { environment, outFolder, peopleFile, scenario }) {
  await Promise.all([ensureRedisServer(), ensureBuild()]);
  const cluster = await startLoadCluster(stack);
  const file = peopleFile ?? join(outFolder, 'people.json');
  if (peopleFile === undefined) {
    const people = Math.max(scenario.people, Number(environment['VUS'] ?? 0));
    step('people', `${people}, and ${scenario.records} records`);
    const program = sourceFile(inRoot('bench/src/load-data.ts'));
    await run('Adding people', process.execPath, [...program, file, String(people), String(scenario.records)], {
      env: { ...process.env, OWNER_URL: cluster.ownerUrl, AUTH_SECRET: cluster.authSecret },
    });
  }
  return { url: cluster.url, peopleFile: file, restartNodes: cluster.restartNodes, processes: cluster.processes };
}

/**
 * @param {string} url
 * @param {LoadArguments} given
 */
async function givenTarget(url, { peopleFile }) {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    await answer.body?.cancel();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Failure(`--url ${url}: nobody answers there (${cause instanceof Error ? cause.message : String(cause)})`);
  }
  return { url, peopleFile: peopleFile ?? '', restartNodes: async () => {}, processes: [] };
}
