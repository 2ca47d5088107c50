import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchContext } from '../../context.ts';
import { formatTable } from '../../measure/table.ts';
import { UsageError } from '../../options.ts';
import type { Fault } from './fault.ts';
import { FAULTS } from './faults.ts';
import { type FaultResult, NotWellBefore, runFault } from './run-fault.ts';
import { type Stage, startStage } from './stage.ts';

/** Faults by name, all when none is named. @throws {UsageError} for a name that there is not */
export function chooseFaults(names: readonly string[]): readonly Fault[] {
  const unknown = names.find((name) => !FAULTS.some((fault) => fault.name === name));
  if (unknown !== undefined)
    throw new UsageError(`There is no fault ${unknown}. There are: ${FAULTS.map(({ name }) => name).join(', ')}`);
  return names.length === 0 ? FAULTS : FAULTS.filter(({ name }) => names.includes(name));
}

/**
 * Runs faults one after the other, each with people of its own at work, and prints a line of JSON for each, a table, and a
 * line for all. `HISTORIES` names a folder where the histories are kept.
 * @returns whether all held
 */
export async function runFaults(context: BenchContext, faults: readonly Fault[]): Promise<boolean> {
  const kept = process.env['HISTORIES'];
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'meldesync-histories-')));
  let stage: Stage | undefined;
  const results: FaultResult[] = [];
  const leaveStage = async (): Promise<void> => {
    await stage?.[Symbol.asyncDispose]();
    stage = undefined;
  };
  const tryFault = async (fault: Fault): Promise<FaultResult> => {
    const hasSmallDisk = fault.needsSmallDisk ?? false;
    if (hasSmallDisk) await leaveStage();
    if (!stage) context.step('Starting Postgres, Redis, two relays, worker and two nodes');
    stage ??= await startStage(context, { hasSmallDisk });
    return runFault(context, { stage, fault, folder });
  };
  try {
    for (const fault of faults) {
      const result = await tryFault(fault).catch(async (error: unknown) => {
        context.signal.throwIfAborted();
        // Something that another fault has left behind: that one is not to be charged to this one.
        if (!(error instanceof NotWellBefore)) return brokenResult(fault, error);
        await leaveStage();
        return tryFault(fault);
      });
      results.push(result);
      console.log(JSON.stringify(result));
      if (fault.spoils || result.outcome === 'fell-short') await leaveStage();
    }
  } finally {
    await leaveStage();
    if (kept === undefined) await rm(folder, { recursive: true, force: true });
  }
  printTable(results);
  const missed = results.filter(({ outcome }) => outcome !== 'held').map(({ fault }) => fault);
  const outcome = missed.length === 0 ? 'held' : 'fell-short';
  console.log(JSON.stringify({ drill: 'faults', outcome, missed, faults: results.length }));
  return missed.length === 0;
}

/** A fault whose run broke off says nothing of the edits, and is not held. */
function brokenResult({ name, what }: Fault, error: unknown): FaultResult {
  return {
    fault: name,
    what,
    outcome: 'fell-short',
    load: 0,
    acknowledged: 0,
    lost: 0,
    unanswered: 0,
    unshown: 0,
    duplicated: 0,
    differing: 0,
    others: 0,
    longestStaleMs: 0,
    untoldStaleMs: 0,
    recoveryMs: null,
    readinessTruthful: false,
    why: [`the run broke off: ${error instanceof Error ? error.message : String(error)}`],
  };
}

function printTable(results: readonly FaultResult[]): void {
  const seconds = (ms: number | null): string => (ms === null ? 'never' : (ms / 1_000).toFixed(1));
  const rows = results.map((result) => [
    result.fault,
    ...[
      result.load,
      result.acknowledged,
      result.lost,
      result.unanswered,
      result.unshown,
      result.duplicated,
      result.differing,
      result.others,
    ].map(String),
    ...[result.longestStaleMs, result.untoldStaleMs, result.recoveryMs].map(seconds),
    result.readinessTruthful ? 'yes' : 'no',
    result.outcome,
  ]);
  const heads = ['fault', 'load', 'acknowledged', 'lost', 'unanswered', 'unshown', 'duplicated', 'differing', 'others'];
  console.log(
    formatTable([[...heads, 'longest stale s', 'untold s', 'recovery s', 'readiness truthful', 'outcome'], ...rows]),
  );
}
