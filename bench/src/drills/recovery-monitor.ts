import { setTimeout as sleep } from 'node:timers/promises';
import { PATIENCE_MS } from '../poll.ts';
import type { Remote } from '../processes/remote.ts';
import type { Meldesync } from '../systems/meldesync.ts';
import type { DrillClientProcess } from './clients/drill-client-process.ts';
import { storedVersions } from './truth.ts';

const LOOK_EVERY_MS = 50;
const ASK_EVERY_MS = 20;
/** The least that a change may be on its way, and clients may need to say where they stand. */
const LEAST_ALLOWED_MS = 750;
/** How much longer than the longest of the calm looks one may take: the machine may do other things by then. */
const ALLOWED_FACTOR = 3;
/** Looks before the fault, from which is learnt what is usual on this machine now. */
const CALM_LOOKS = 40;
/** All is well only when it stays so. */
const STEADY_MS = 2_000;

/** Looks all the time whether every client is live and has what Postgres has. */
export interface RecoveryMonitor {
  /** How long a change may be on its way before a client counts as behind, in milliseconds. */
  readonly allowedMs: number;
  /**
   * Resolves once all is well and has stayed so, with when that began, or undefined when it did not within `PATIENCE_MS`.
   * Times are those of `performance.now()`.
   */
  recovered(): Promise<number | undefined>;
  /** Looks no more. Rejects if looking failed. */
  stop(): Promise<void>;
}

type Processes = readonly Remote<DrillClientProcess>[];

/**
 * Learns, while nothing is broken, how long a change is on its way here, and starts to look.
 * @throws when not all is well although nothing is broken
 */
export async function startRecoveryMonitor(system: Meldesync, processes: Processes): Promise<RecoveryMonitor> {
  let longestMs = 0;
  for (let calm = 0; calm < CALM_LOOKS; calm++) {
    const tookMs = await timeUntilCurrent(system, processes, PATIENCE_MS);
    if (tookMs === undefined) throw new Error('not every client became live and current, with nothing broken yet');
    longestMs = Math.max(longestMs, tookMs);
    await sleep(LOOK_EVERY_MS);
  }
  const allowedMs = Math.max(LEAST_ALLOWED_MS, Math.ceil(longestMs * ALLOWED_FACTOR));
  let wellSince: number | undefined;
  const ending = new AbortController();
  const running = (async () => {
    while (!ending.signal.aborted) {
      const unanswered = setTimeout(() => {
        wellSince = undefined;
      }, allowedMs);
      const tookMs = await timeUntilCurrent(system, processes, allowedMs).finally(() => clearTimeout(unanswered));
      wellSince = tookMs === undefined || tookMs > allowedMs ? undefined : (wellSince ?? performance.now());
      await sleep(LOOK_EVERY_MS);
    }
  })();
  return {
    allowedMs,
    recovered: async () => {
      const deadline = performance.now() + PATIENCE_MS;
      while (performance.now() < deadline) {
        if (wellSince !== undefined && performance.now() - wellSince >= STEADY_MS) return wellSince;
        await Promise.race([sleep(LOOK_EVERY_MS), running]);
      }
      return undefined;
    },
    stop: async () => {
      ending.abort();
      await running;
    },
  };
}

/** Milliseconds until every client is live and has what Postgres has now; undefined when that takes too long. */
export async function timeUntilCurrent(
  system: Meldesync,
  processes: Processes,
  patienceMs: number,
): Promise<number | undefined> {
  const startedMs = performance.now();
  const versions = await storedVersions(system);
  for (;;) {
    const standings = await Promise.all(processes.map((process) => process.call('standing', null)));
    const tookMs = performance.now() - startedMs;
    if (standings.every(({ allLive, fewestVersions }) => allLive && fewestVersions >= versions)) return tookMs;
    if (tookMs > patienceMs) return undefined;
    await sleep(ASK_EVERY_MS);
  }
}
