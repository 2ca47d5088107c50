import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ResourceStack } from '@meldesync/lifecycle';
import { checkHistory, countFindings, dumpWorkspace, type Finding, parseHistory } from '@meldesync/testkit';
import type { BenchContext } from '../../context.ts';
import { ProcessorWatch } from '../../measure/processor-pressure.ts';
import { startRemote } from '../../processes/remote.ts';
import { breakAndMend } from './break-and-mend.ts';
import { type Fault, NotMade } from './fault.ts';
import { type FaultResult, NotWellBefore } from './fault-result.ts';
import type { LoadProcess } from './load-process.ts';
import { nodesWithoutNewcomers } from './newcomers.ts';
import { ReadinessWatch } from './readiness-watch.ts';
import { PATIENCE_MS, recovered, savesNothing } from './recovery.ts';
import { SavingWatch } from './saving-watch.ts';
import type { Stage } from './stage.ts';
import { whoGotNothingThrough } from './who-got-nothing-through.ts';

const LOAD_PROCESS = new URL('./load-process.ts', import.meta.url);
const SCREENS = 6;
/** One for each node, with screens or without. */
const WORKERS = 8;
const BEFORE_MS = 4_000;
const AFTER_MS = 3_000;
/** What a fault may take to be over, once it is mended. */
const RECOVERY_LIMIT_MS = 10_000;
const SHOWN_FINDINGS = 5;

/**
 * Breaks and mends one thing while people work, and judges what they went through.
 * @throws {NotMade} where the fault was not really made, or nobody was there whom it could have hit
 * @throws {NotWellBefore}
 */
export async function runFault(
  context: BenchContext,
  { stage, fault, folder }: { readonly stage: Stage; readonly fault: Fault; readonly folder: string },
): Promise<FaultResult> {
  await using stack = new ResourceStack();
  const { signal } = context;
  const workspace = await stage.addWorkspace();
  const file = join(folder, `${fault.name}.jsonl`);
  const load = stack.use(startRemote<LoadProcess>(context, { name: 'load', file: LOAD_PROCESS, isServer: false }));
  await load.call('connect', {
    file,
    urls: [stage.lines['client-node-1'].url, stage.lines['client-node-2'].url],
    people: stage.people.slice(0, WORKERS),
    screens: SCREENS,
    workspace: workspace.id,
    records: workspace.records,
    ownerUrl: stage.ownerUrl,
  });
  const saving = stack.use(new SavingWatch(stage));
  const watch = stack.use(new ReadinessWatch(stage, await stage.addWorkspace(), saving));
  const endsBefore = stage.parts.map(({ ends }) => ends);
  const observed = { stage, workspace, load, saving, signal };
  if ((await recovered(observed)) === undefined) throw new NotWellBefore('not all is well before the fault');
  // What another fault has called for is over before this one.
  if (!(await savesNothing(observed))) throw new NotWellBefore('work is saved before the fault');
  await load.call('begin', null);
  await sleep(BEFORE_MS, undefined, { signal });

  context.step(`The fault: ${fault.name} (${fault.what}), ${fault.seconds} s`, 'trial');
  const { made, fellShort } = await breakAndMend(fault, { stage, workspace, signal });
  const mendedMs = performance.now();
  const processor = new ProcessorWatch();
  context.step(`${fault.name} is mended (made: ${made}); recovering`);
  const wellSince = await recovered(observed);
  const processorShort = processor.shortShare();
  await sleep(AFTER_MS, undefined, { signal });
  await load.call('stop', null);
  const isSteady = (await recovered(observed, true)) !== undefined;
  await load.call('finish', null);
  const lateNodes = await nodesWithoutNewcomers(stage, RECOVERY_LIMIT_MS);

  const history = parseHistory(await readFile(file, 'utf8'));
  const idle = whoGotNothingThrough(history);
  const judgement = checkHistory(history, await dumpWorkspace(stage.ownerUrl, workspace.id));
  const counts = countFindings(judgement.findings);
  // What is saved on purpose, and said on every screen, is told apart from what is not well.
  const savedMs = Math.max(0, Math.round(saving.leftByHandMs - mendedMs));
  const recoveryMs = wellSince === undefined ? null : Math.max(0, Math.round(wellSince - mendedMs) - savedMs);
  const died = stage.parts.filter(({ ends }, index) => ends > (endsBefore[index] ?? 0)).map(({ name }) => name);
  const why = [
    ...fellShort,
    ...describe(judgement.findings),
    ...(recoveryMs === null ? [`not all was well again within ${PATIENCE_MS / 1_000} s`] : []),
    ...(recoveryMs !== null && recoveryMs > RECOVERY_LIMIT_MS ? [`${recoveryMs} ms until all was well`] : []),
    ...(isSteady ? [] : ['not everything was answered and shown in the end']),
    ...lateNodes.map((name) => `${name} does not serve a workspace that nobody had open before`),
    ...died.map((name) => `${name} ended by itself`),
    ...watch.untruthful,
  ];
  if (why.length === 0 && idle.length > 0) throw new NotMade(`nothing of ${idle.join(', ')} got through at any time`);
  const { lost, duplicated, differing } = counts;
  return {
    fault: fault.name,
    what: fault.what,
    outcome: why.length === 0 ? 'held' : 'fell-short',
    made,
    load: judgement.sent,
    acknowledged: judgement.acknowledged,
    lost,
    unanswered: countLost(judgement.findings, (kinds) => !kinds.includes('edit-answered') && !isOnScreen(kinds)),
    unshown: countLost(judgement.findings, isOnScreen),
    duplicated,
    differing,
    others: judgement.findings.length - lost - duplicated - differing,
    longestStaleMs: judgement.longestStaleMs,
    untoldStaleMs: judgement.untoldStaleMs,
    recoveryMs,
    savedMs,
    readinessTruthful: watch.untruthful.length === 0,
    processorShort,
    why,
  };
}

/** What is lost, as far as its proof is of some kinds of events. */
function countLost(findings: readonly Finding[], isMeant: (kinds: readonly string[]) => boolean): number {
  return findings.filter(
    ({ kind, events }) => kind === 'lost' && events.length > 0 && isMeant(events.map((one) => one.kind)),
  ).length;
}

function isOnScreen(kinds: readonly string[]): boolean {
  return kinds.includes('showed') || kinds.includes('snapshot');
}

function describe(findings: readonly Finding[]): string[] {
  const shown = findings.slice(0, SHOWN_FINDINGS).map(({ kind, what }) => `${kind}: ${what}`);
  const more = findings.length - shown.length;
  return more > 0 ? [...shown, `and ${more} more`] : shown;
}
