import { setTimeout as sleep } from 'node:timers/promises';
import type { Remote } from '../processes/remote.ts';
import type { Meldesync } from '../systems/meldesync.ts';
import type { DrillClientProcess } from './clients/drill-client-process.ts';
import { storedVersions } from './truth.ts';

const LOOK_EVERY_MS = 50;
/** A change needs a moment to arrive; a client that needs longer is behind. */
const ON_ITS_WAY_MS = 250;
const ASK_EVERY_MS = 20;
/** Clients that do not even say where they stand are not well. */
const ANSWER_MS = 500;
/** All is well only when it stays so. */
const STEADY_MS = 2_000;

/** Looks all the time whether every client is live and has what Postgres has. */
export interface RecoveryMonitor {
  /**
   * Resolves once all is well and has stayed so, with when that began, or undefined when it did not within the time.
   * Times are those of `performance.now()`.
   */
  recovered(patienceMs: number): Promise<number | undefined>;
  /** Looks no more. Rejects if looking failed. */
  stop(): Promise<void>;
}

/** Starts to look. */
export function startRecoveryMonitor(
  system: Meldesync,
  processes: readonly Remote<DrillClientProcess>[],
): RecoveryMonitor {
  let wellSince: number | undefined;
  const ending = new AbortController();

  const look = async (): Promise<boolean> => {
    const versions = await storedVersions(system);
    const deadline = performance.now() + ON_ITS_WAY_MS;
    for (;;) {
      const standings = await Promise.all(processes.map((process) => process.call('standing', null)));
      if (!standings.every((standing) => standing.allLive)) return false;
      if (standings.every(({ fewestVersions }) => fewestVersions >= versions)) return true;
      if (performance.now() > deadline) return false;
      await sleep(ASK_EVERY_MS);
    }
  };
  const running = (async () => {
    while (!ending.signal.aborted) {
      const unanswered = setTimeout(() => {
        wellSince = undefined;
      }, ON_ITS_WAY_MS + ANSWER_MS);
      const isWell = await look().finally(() => clearTimeout(unanswered));
      wellSince = isWell ? (wellSince ?? performance.now()) : undefined;
      await sleep(LOOK_EVERY_MS);
    }
  })();

  return {
    recovered: async (patienceMs) => {
      const deadline = performance.now() + patienceMs;
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
