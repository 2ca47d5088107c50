import type { BenchContext } from '../../context.ts';
import { serveCalls } from '../../processes/remote.ts';
import type { Fault } from './fault.ts';
import { brokenResult, type FaultResult, NotWellBefore } from './fault-result.ts';
import { findFault } from './faults.ts';
import { runFault } from './run-fault.ts';
import { type Stage, startStage } from './stage.ts';

/*
 * A process that runs faults one after the other, on a stage of its own: nothing that it does, not even what keeps it busy, is in
 * the way of faults that run at the same time.
 */

/** Which fault, and where its history is kept. */
export interface FaultOrder {
  readonly name: string;
  readonly folder: string;
}

const ending = new AbortController();
let stage: Stage | undefined;

const handlers = {
  /** Runs a fault, on the stage of the one before where that is still of use. */
  run: async ({ name, folder }: FaultOrder): Promise<FaultResult> => {
    const fault = findFault(name);
    const result = await judged(fault, folder);
    if (fault.spoils || result.outcome !== 'held') await leaveStage();
    return result;
  },

  /** Ends all that runs. */
  leave: async (_order: null): Promise<void> => leaveStage(),
};
export type LaneProcess = typeof handlers;

async function judged(fault: Fault, folder: string): Promise<FaultResult> {
  try {
    return await tryFault(fault, folder).catch(async (error: unknown) => {
      // Something that another fault has left behind: that one is not to be charged to this one.
      if (!(error instanceof NotWellBefore)) throw error;
      await leaveStage();
      return tryFault(fault, folder);
    });
  } catch (error) {
    ending.signal.throwIfAborted();
    return brokenResult(fault, error);
  }
}

async function tryFault(fault: Fault, folder: string): Promise<FaultResult> {
  const broken = new AbortController();
  const { step } = contextOf(fault.name, ending.signal);
  const hasSmallDisk = fault.needsSmallDisk ?? false;
  if (hasSmallDisk) await leaveStage();
  if (!stage) step('Starting Postgres, Redis, two relays, worker and two nodes');
  stage ??= await startStage(contextOf('stage', ending.signal), { hasSmallDisk }).catch((error: unknown) => {
    throw new NotWellBefore(`nothing could be started: ${error instanceof Error ? error.message : String(error)}`);
  });
  // What breaks of a fault's own ends that fault only.
  const signal = AbortSignal.any([ending.signal, broken.signal]);
  return runFault({ ...contextOf(fault.name, signal), fail: (error) => broken.abort(error) }, { stage, fault, folder });
}

function contextOf(name: string, signal: AbortSignal): BenchContext {
  return {
    signal,
    fail: (error) => ending.abort(error),
    profileFolder: undefined,
    step: (text) => console.error(`[${name}] ${text} …`),
  };
}

async function leaveStage(): Promise<void> {
  const left = stage;
  stage = undefined;
  await left?.[Symbol.asyncDispose]();
}

serveCalls(handlers, async () => {
  ending.abort(new Error('the run has ended'));
  await leaveStage();
});
