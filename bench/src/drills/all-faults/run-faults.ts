import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchContext } from '../../context.ts';
import { readCount, UsageError } from '../../options.ts';
import { type Remote, startRemote } from '../../processes/remote.ts';
import type { Outcome } from '../../verdict.ts';
import type { Fault } from './fault.ts';
import { brokenResult, type FaultResult, faultTable, worstOutcome } from './fault-result.ts';
import { FAULTS, findFault } from './faults.ts';
import type { LaneProcess } from './lane-process.ts';

const LANE_PROCESS = new URL('./lane-process.ts', import.meta.url);

/** What a person may ask for. */
export interface FaultsOrder {
  readonly faults: readonly Fault[];
  /** How many run at the same time. */
  readonly atOnce: number;
}

/** Reads names of faults, all when none is named, and `--at-once`. @throws {UsageError} for a name that there is not */
export function readFaultsOrder(args: readonly string[]): FaultsOrder {
  const { values, positionals } = parse(args);
  const named = positionals.map(findFault);
  const faults = named.length === 0 ? FAULTS : FAULTS.filter((fault) => named.includes(fault));
  return { faults, atOnce: readCount('at-once', values['at-once'], 1) };
}

function parse(args: readonly string[]) {
  try {
    const options = { 'at-once': { type: 'string' } } as const;
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Runs faults, each with people of its own at work, several at a time, and prints a line of JSON for each as it ends, a table, and a
 * line for all. Those that want the machine to themselves come last, one by one. `HISTORIES` names a folder where the
 * histories are kept.
 */
export async function runFaults(context: BenchContext, { faults, atOnce }: FaultsOrder): Promise<Outcome> {
  const kept = process.env['HISTORIES'];
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'meldesync-histories-')));
  const results = new Map<Fault, FaultResult>();
  const told = (fault: Fault, result: FaultResult): void => {
    results.set(fault, result);
    console.log(JSON.stringify(result));
  };
  try {
    // The longest first: nobody waits in the end for one that began last.
    const together = faults.filter(({ isAlone }) => !isAlone).toSorted((a, b) => b.seconds - a.seconds);
    const alone = faults.filter(({ isAlone }) => isAlone);
    context.step(`Running ${faults.length} faults, ${Math.min(atOnce, together.length)} at once`, 'trial');
    const lanes = Array.from({ length: Math.min(atOnce, together.length) }, (_, index) => `lane-${index + 1}`);
    await Promise.all(lanes.map((name) => runLane(context, { name, folder, waiting: together, told })));
    await runLane(context, { name: 'lane-alone', folder, waiting: alone, told });
  } finally {
    if (kept === undefined) await rm(folder, { recursive: true, force: true });
  }
  const inOrder = faults.flatMap((fault) => results.get(fault) ?? []);
  console.log(faultTable(inOrder));
  const missed = inOrder.filter(({ outcome }) => outcome !== 'held').map(({ fault }) => fault);
  const outcome = worstOutcome(inOrder);
  console.log(JSON.stringify({ drill: 'faults', outcome, missed, faults: inOrder.length }));
  return outcome;
}

interface LaneOrder {
  readonly name: string;
  readonly folder: string;
  /** Faults that nobody has taken yet, for all lanes. */
  readonly waiting: Fault[];
  readonly told: (fault: Fault, result: FaultResult) => void;
}

/** Takes faults while there are any, in a process that is made anew when it breaks. */
async function runLane(context: BenchContext, { name, folder, waiting, told }: LaneOrder): Promise<void> {
  while (waiting.length > 0) {
    const broken = new AbortController();
    const own: BenchContext = {
      ...context,
      signal: AbortSignal.any([context.signal, broken.signal]),
      fail: (error) => broken.abort(error),
    };
    await using lane = startRemote<LaneProcess>(own, { name, file: LANE_PROCESS, isServer: false });
    await takeFaults(own, lane, { folder, waiting, told });
    context.signal.throwIfAborted();
  }
}

/** Ends when none is left, or after one with which the lane broke. */
async function takeFaults(
  { signal }: BenchContext,
  lane: Remote<LaneProcess>,
  { folder, waiting, told }: Omit<LaneOrder, 'name'>,
): Promise<void> {
  for (let fault = waiting.shift(); fault; fault = waiting.shift()) {
    try {
      told(fault, await lane.call('run', { name: fault.name, folder }));
    } catch (error) {
      told(fault, brokenResult(fault, error));
      return;
    }
    signal.throwIfAborted();
  }
  await lane.call('leave', null);
}
