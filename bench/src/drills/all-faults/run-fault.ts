import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ResourceStack } from '@meldesync/lifecycle';
import { checkHistory, countFindings, dumpWorkspace, type Finding, parseHistory, runSql } from '@meldesync/testkit';
import type { BenchContext } from '../../context.ts';
import { type Remote, startRemote } from '../../processes/remote.ts';
import type { Fault } from './fault.ts';
import type { LoadProcess } from './load-process.ts';
import { nodesWithoutNewcomers } from './newcomers.ts';
import { ReadinessWatch } from './readiness-watch.ts';
import type { Stage, StageWorkspace } from './stage.ts';

const LOAD_PROCESS = new URL('./load-process.ts', import.meta.url);
const SCREENS = 6;
/** One for each node, with screens or without. */
const WORKERS = 8;
const BEFORE_MS = 4_000;
const AFTER_MS = 3_000;
const LOOK_EVERY_MS = 100;
/** How long a change may be on its way, on a machine that does other things. */
const ALLOWED_MS = 1_500;
/** All is well only when it stays so. */
const STEADY_MS = 2_000;
/** After so long nobody waits for the recovery any more. */
const PATIENCE_MS = 90_000;
/** What a fault may take to be over, once it is mended. */
const RECOVERY_LIMIT_MS = 10_000;
const SHOWN_FINDINGS = 5;

/** One line of the report. Times in milliseconds. */
export interface FaultResult {
  readonly fault: string;
  readonly what: string;
  readonly outcome: 'held' | 'fell-short';
  /** Edits that were made. */
  readonly load: number;
  readonly acknowledged: number;
  /** Whatever is missing in the end: the two below, and what was acknowledged and is not in Postgres. */
  readonly lost: number;
  /** Of those, what was asked and never answered. */
  readonly unanswered: number;
  /** Of those, what was committed and is not on a screen, counted for each screen and record. */
  readonly unshown: number;
  readonly duplicated: number;
  readonly differing: number;
  /** Everything else that the checker found. */
  readonly others: number;
  readonly longestStaleMs: number;
  /** The longest that a screen was behind and said that it is current. */
  readonly untoldStaleMs: number;
  /** From the end of the fault; null when not all was well again. */
  readonly recoveryMs: number | null;
  readonly readinessTruthful: boolean;
  /** What fell short, in words; empty when all held. */
  readonly why: readonly string[];
}

/** The stage was not well although nothing was broken: it says nothing about the fault. */
export class NotWellBefore extends Error {}

/** Breaks and mends one thing while people work, and judges what they went through. */
export async function runFault(
  context: BenchContext,
  { stage, fault, folder }: { readonly stage: Stage; readonly fault: Fault; readonly folder: string },
): Promise<FaultResult> {
  await using stack = new ResourceStack();
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
  const watch = stack.use(new ReadinessWatch(stage, await stage.addWorkspace()));
  const endsBefore = stage.parts.map(({ ends }) => ends);
  if ((await recovered(context, stage, workspace, load)) === undefined)
    throw new NotWellBefore('not all is well before the fault');
  await load.call('begin', null);
  await sleep(BEFORE_MS, undefined, { signal: context.signal });

  context.step(`The fault: ${fault.name} (${fault.what}), ${fault.seconds} s`, 'trial');
  const mend = await fault.start({ stage, workspace, signal: context.signal });
  try {
    await sleep(fault.seconds * 1_000, undefined, { signal: context.signal });
  } finally {
    await mend();
  }
  const mendedMs = performance.now();
  context.step(`${fault.name} is mended; recovering`);
  const wellSince = await recovered(context, stage, workspace, load);
  await sleep(AFTER_MS, undefined, { signal: context.signal });
  await load.call('stop', null);
  const isSteady = (await recovered(context, stage, workspace, load, true)) !== undefined;
  await load.call('finish', null);
  const lateNodes = await nodesWithoutNewcomers(stage, RECOVERY_LIMIT_MS);

  const history = parseHistory(await readFile(file, 'utf8'));
  const judgement = checkHistory(history, await dumpWorkspace(stage.ownerUrl, workspace.id));
  const counts = countFindings(judgement.findings);
  const recoveryMs = wellSince === undefined ? null : Math.max(0, Math.round(wellSince - mendedMs));
  const died = stage.parts.filter(({ ends }, index) => ends > (endsBefore[index] ?? 0)).map(({ name }) => name);
  const why = [
    ...describe(judgement.findings),
    ...(recoveryMs === null ? [`not all was well again within ${PATIENCE_MS / 1_000} s`] : []),
    ...(recoveryMs !== null && recoveryMs > RECOVERY_LIMIT_MS ? [`${recoveryMs} ms until all was well`] : []),
    ...(isSteady ? [] : ['not everything was answered and shown in the end']),
    ...lateNodes.map((name) => `${name} does not serve a workspace that nobody had open before`),
    ...died.map((name) => `${name} ended by itself`),
    ...watch.untruthful,
  ];
  const { lost, duplicated, differing } = counts;
  return {
    fault: fault.name,
    what: fault.what,
    outcome: why.length === 0 ? 'held' : 'fell-short',
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
    readinessTruthful: watch.untruthful.length === 0,
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

/**
 * Waits until every screen is live and has what Postgres has, nobody waits long for an answer, and that has stayed so;
 * `isQuiet`: nobody asks anything any more, so that nothing may wait at all.
 * @returns since when, by `performance.now()`; undefined when that took too long
 */
async function recovered(
  context: BenchContext,
  stage: Stage,
  workspace: StageWorkspace,
  load: Remote<LoadProcess>,
  isQuiet = false,
): Promise<number | undefined> {
  const deadline = performance.now() + PATIENCE_MS;
  let wellSince: number | undefined;
  while (performance.now() < deadline) {
    context.signal.throwIfAborted();
    const askedMs = performance.now();
    const isWell = await isWellWithin(ALLOWED_MS, stage, workspace, load, isQuiet);
    wellSince = isWell ? (wellSince ?? askedMs) : undefined;
    if (wellSince !== undefined && performance.now() - wellSince >= STEADY_MS) return wellSince;
    await sleep(LOOK_EVERY_MS);
  }
  return undefined;
}

async function isWellWithin(
  limitMs: number,
  stage: Stage,
  workspace: StageWorkspace,
  load: Remote<LoadProcess>,
  isQuiet: boolean,
): Promise<boolean> {
  const rows = await Promise.race([
    runSql(stage.ownerUrl, 'select sum(version) as versions from records where workspace_id = $1', [workspace.id]),
    sleep(limitMs, undefined, { ref: false }),
  ]).catch(() => undefined);
  if (!rows) return false;
  const versions = Number(rows[0]?.['versions']);
  const deadline = performance.now() + limitMs;
  for (;;) {
    const standing = await load.call('standing', null);
    const isAnswered = isQuiet ? standing.unanswered === 0 : standing.oldestUnansweredMs < 2 * limitMs;
    if (standing.allLive && isAnswered && standing.fewestVersions >= versions) return true;
    if (performance.now() > deadline) return false;
    await sleep(LOOK_EVERY_MS);
  }
}
