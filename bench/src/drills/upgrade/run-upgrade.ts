import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ResourceStack } from '@meldesync/lifecycle';
import {
  checkHistory,
  countFindings,
  dumpWorkspace,
  type HistoryEvent,
  parseHistory,
  runSql,
} from '@meldesync/testkit';
import supported from '../../../../supported-versions.json' with { type: 'json' };
import type { BenchContext } from '../../context.ts';
import { UsageError } from '../../options.ts';
import { type Remote, startRemote } from '../../processes/remote.ts';
import type { LoadProcess } from '../all-faults/load-process.ts';
import { printReport } from '../drill-report.ts';
import { prepareRelease, type Release, THIS_RELEASE } from './release.ts';
import { migrateBeside, type PartName, startUpgradeStage, type UpgradeStage } from './upgrade-stage.ts';

const LOAD = 'bench/src/drills/all-faults/load-process.ts';
/** Of clients of each release: two on each node. */
const SCREENS = 4;
/** Those of this release also work over HTTP and import. */
const WORKERS = 6;
/** How long all is left alone between two steps. */
const PAUSE_MS = 4_000;
/** After so long nobody waits any more until all is well. */
const PATIENCE_MS = 60_000;
const STEADY_MS = 1_500;
const LOOK_EVERY_MS = 100;
const LATE_MS = 3_000;
const SHOWN_FINDINGS = 8;
/** Each order once: who makes what others read first, and who reads it first. */
const THERE: readonly PartName[] = ['worker', 'relay', 'node-1', 'node-2'];
const BACK: readonly PartName[] = ['node-2', 'node-1', 'relay', 'worker'];

interface Load {
  readonly release: Release;
  readonly process: Remote<LoadProcess>;
  readonly file: string;
}

interface Step {
  readonly step: string;
  /** From its beginning until every screen of both releases was live and current, and nobody waited; null where that did not come. */
  readonly wellAfterMs: number | null;
}

/** Reads `--from COMMIT`. @throws {UsageError} */
export function readUpgradeOrder(args: readonly string[]): { readonly from: string } {
  try {
    const { values } = parseArgs({ args: [...args], options: { from: { type: 'string' } }, strict: true });
    return { from: values.from ?? supported.releaseBefore.commit };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Updates a cluster of the release before while clients of both releases work, and takes it back: migrate, then each process by one of this
 * release, then each by one of the release before on the migrated tables. Judged as faults are.
 * @returns whether nothing was lost, came twice or differs, and all was well after each step
 */
export async function runUpgrade(context: BenchContext, { from }: { readonly from: string }): Promise<boolean> {
  await using stack = new ResourceStack();
  const before = await prepareRelease(from, (text) => context.step(text));
  const folder = await mkdtemp(join(tmpdir(), 'meldesync-upgrade-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  context.step(`Starting relay, worker and two nodes of ${before.commit}`);
  const stage = stack.use(await startUpgradeStage(context, before, SCREENS + WORKERS));
  const loads = [before, THIS_RELEASE].map((release) => startLoad(context, stack, release, folder));
  for (const load of loads) await connect(load, stage);
  const steps: Step[] = [];
  const well = async (step: string, make: () => Promise<void>): Promise<void> => {
    const begunMs = performance.now();
    await make();
    const madeMs = Math.round(performance.now() - begunMs);
    const sinceThen = await timeUntilWell(context, stage, loads);
    const wellAfterMs = sinceThen === null ? null : madeMs + sinceThen;
    const of = Object.entries(stage.releases()).map(([name, commit]) => `${name} ${commit}`);
    const told = wellAfterMs === null ? 'not well' : `well after ${wellAfterMs} ms, ${madeMs} ms of which to make it`;
    console.log(`${step}: ${told} (${of.join(', ')})`);
    steps.push({ step, wellAfterMs });
    await sleep(PAUSE_MS, undefined, { signal: context.signal });
  };
  if ((await timeUntilWell(context, stage, loads)) === null) throw new Error('not all was well before the update');
  for (const { process } of loads) await process.call('begin', null);
  await well(`all of ${before.commit}`, async () => {});

  context.step('Migrating', 'trial');
  let sessionsChanged = 0;
  await well('migrated', async () => {
    ({ sessionsChanged } = await migrateBeside(THIS_RELEASE, stage.ownerUrl));
  });
  for (const [release, names] of [
    [THIS_RELEASE, THERE],
    [before, BACK],
  ] as const) {
    for (const name of names) {
      context.step(`${name} by that of ${release.commit}`);
      await well(`${name} → ${release.commit}`, () => stage.replace(name, release));
    }
  }

  context.step('Comparing answers, screens and Postgres');
  for (const { process } of loads) await process.call('stop', null);
  const isSteady = (await timeUntilWell(context, stage, loads, true)) !== null;
  for (const { process } of loads) await process.call('finish', null);
  return report({ stage, loads, before, steps, isSteady, sessionsChanged });
}

function startLoad(context: BenchContext, stack: ResourceStack, release: Release, folder: string): Load {
  const name = `clients of ${release.commit}`;
  const process = stack.use(startRemote<LoadProcess>(context, { name, file: release.file(LOAD), isServer: false }));
  return { release, process, file: join(folder, `${release.commit}.jsonl`) };
}

function connect({ release, process, file }: Load, stage: UpgradeStage): Promise<void> {
  const isOwn = release === THIS_RELEASE;
  return process.call('connect', {
    file,
    urls: [...stage.nodeUrls],
    people: isOwn ? stage.people.slice(SCREENS) : stage.people.slice(0, SCREENS),
    screens: SCREENS,
    workspace: stage.workspace,
    records: stage.records,
    ownerUrl: stage.ownerUrl,
    // The release before knows nothing of labels.
    ...(isOwn ? { label: 'new-' } : {}),
  });
}

async function timeUntilWell(
  { signal }: BenchContext,
  stage: UpgradeStage,
  loads: readonly Load[],
  isQuiet = false,
): Promise<number | null> {
  const begunMs = performance.now();
  let wellSince: number | undefined;
  while (performance.now() - begunMs < PATIENCE_MS) {
    signal.throwIfAborted();
    const askedMs = performance.now();
    wellSince = (await isWell(stage, loads, isQuiet)) ? (wellSince ?? askedMs) : undefined;
    if (wellSince !== undefined && performance.now() - wellSince >= STEADY_MS) return Math.round(wellSince - begunMs);
    await sleep(LOOK_EVERY_MS);
  }
  return null;
}

/** Every screen is live and has, within a moment, what Postgres had at its beginning, and nobody waits long for an answer. */
async function isWell(stage: UpgradeStage, loads: readonly Load[], isQuiet: boolean): Promise<boolean> {
  const [row] = await runSql(stage.ownerUrl, 'select sum(version) as versions from records where workspace_id = $1', [
    stage.workspace,
  ]);
  const versions = Number(row?.['versions']);
  const deadline = performance.now() + LATE_MS;
  for (;;) {
    const standings = await Promise.all(loads.map(({ process }) => process.call('standing', null)));
    const isAnswered = standings.every(({ unanswered, oldestUnansweredMs }) =>
      isQuiet ? unanswered === 0 : oldestUnansweredMs < LATE_MS,
    );
    const areCurrent = standings.every(({ allLive, fewestVersions }) => allLive && fewestVersions >= versions);
    if (areCurrent && isAnswered) return true;
    if (performance.now() > deadline) return false;
    await sleep(LOOK_EVERY_MS);
  }
}

interface Outcome {
  readonly stage: UpgradeStage;
  readonly loads: readonly Load[];
  readonly before: Release;
  readonly steps: readonly Step[];
  readonly isSteady: boolean;
  readonly sessionsChanged: number;
}

async function report(outcome: Outcome): Promise<boolean> {
  const { stage, loads, before, steps, isSteady, sessionsChanged } = outcome;
  const histories = await Promise.all(loads.map(async ({ file }) => parseHistory(await readFile(file, 'utf8'))));
  const judgement = checkHistory(histories.flat(), await dumpWorkspace(stage.ownerUrl, stage.workspace));
  const { lost, duplicated, differing } = countFindings(judgement.findings);
  const others = judgement.findings.length - lost - duplicated - differing;
  for (const { kind, what } of judgement.findings.slice(0, SHOWN_FINDINGS)) console.log(`${kind}: ${what}`);
  const count = (kind: HistoryEvent['kind']) =>
    histories.map((history) => history.filter((event) => event.kind === kind).length);
  const [byBefore = 0, byThis = 0] = count('edit-answered');
  const imports = count('import-ended').reduce((sum, one) => sum + one, 0);
  const notWell = steps.filter(({ wellAfterMs }) => wellAfterMs === null).map(({ step }) => step);
  const slowest = Math.max(...steps.map(({ wellAfterMs }) => wellAfterMs ?? PATIENCE_MS));
  return printReport({
    drill: 'upgrade',
    checks: [
      { name: `lost: ${lost}`, holds: lost === 0 },
      { name: `duplicated: ${duplicated}`, holds: duplicated === 0 },
      { name: `differing: ${differing}`, holds: differing === 0 },
      { name: `nothing else that should not be: ${others}`, holds: others === 0 },
      {
        name: `all well after each step${notWell.map((step) => `; not ${step}`).join('')}`,
        holds: notWell.length === 0,
      },
      { name: 'everything was answered and shown in the end', holds: isSteady },
      {
        name: 'clients of both releases got edits through, and imports ended',
        holds: byBefore > 0 && byThis > 0 && imports > 0,
      },
    ],
    figures: {
      from: before.commit,
      lost,
      duplicated,
      differing,
      sent: judgement.sent,
      acknowledged: judgement.acknowledged,
      answeredBefore: byBefore,
      answeredThis: byThis,
      imports,
      sessionsChanged,
      slowestMs: slowest,
      longestStaleMs: judgement.longestStaleMs,
      untoldStaleMs: judgement.untoldStaleMs,
      steps: steps.length,
    },
  });
}
