import { type Database, type SealRound, sealEntries, tryToBeSealer, unsignedForMs } from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import type { SealMetrics } from '../../worker-metrics.ts';
import { type OneAtWorkSettings, pause, SLACK_MS, startOneAtWork } from '../one-at-work.ts';
import { type CheckpointSettings, startCheckpoints } from './checkpoints.ts';

/** A statement that takes longer ends; it waits for no lock that an edit holds. */
const STATEMENT_TIMEOUT_MS = 60_000;
/** So many entries at a time: the hashes of a batch take Postgres less than a second. */
const BATCH = 10_000;
/** A transaction that is open for longer keeps so much from being sealed that somebody should look. */
const HELD_TOO_LONG_MS = 60_000;
/** After each batch that was full it pauses so many times as long as that took. */
const PAUSE_FACTOR = 1;

export interface SealingOptions extends OneAtWorkSettings {
  /** From the end of one round to the next; 0 for none at all. */
  readonly intervalMs: number;
  /** Without it nothing is signed. */
  readonly checkpoints?: CheckpointSettings | undefined;
  readonly metrics: SealMetrics;
  readonly logger: Pick<Logger, 'event'>;
}

/** Seals the trail again and again until it is disposed of, in one worker of all. */
export function startSealing(options: SealingOptions): AsyncDisposable {
  return startOneAtWork({
    ...options,
    retryMs: options.intervalMs,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    mostIdleMs: options.intervalMs + SLACK_MS,
    tryToBeTheOne: tryToBeSealer,
    work: (database, signal) => sealUntilAborted(options, database, signal),
    onFailure: (error) => options.logger.event('seal-failed', { err: error }),
    onIdle: () => tellNothing(options.metrics),
  });
}

async function sealUntilAborted(options: SealingOptions, database: Database, signal: AbortSignal): Promise<void> {
  const { metrics, logger } = options;
  metrics.active.record(1);
  if (options.checkpoints === undefined) logger.event('seals-unsigned', {});
  const checkpoints =
    options.checkpoints && (await startCheckpoints(options.checkpoints, { database, metrics, logger, signal }));
  const tellOfHolder = createHolderLog(logger);
  while (!signal.aborted) {
    const { round, tookMs } = await sealRound(database, metrics);
    if (round?.began) logger.event('incarnation-began', { server: round.began });
    tellOfHolder(round);
    await checkpoints?.advance();
    metrics.unsigned.record((await unsignedForMs(database.drizzle)) / 1_000);
    await pause(round?.isBehind ? tookMs * PAUSE_FACTOR : options.intervalMs, signal);
  }
}

async function sealRound(
  database: Database,
  metrics: SealMetrics,
): Promise<{ round: SealRound | null; tookMs: number }> {
  const askedMs = performance.now();
  const round = await sealEntries(database.drizzle, BATCH);
  const tookMs = performance.now() - askedMs;
  metrics.queryTime.add(tookMs / 1_000);
  if (round !== null) {
    metrics.rounds.add(1);
    metrics.entries.add(round.sealed);
    // What waits is at least as old as the transaction that it waits for.
    metrics.lag.record(Math.max(round.lagMs, round.heldMs) / 1_000);
    metrics.held.record(round.heldMs / 1_000);
  }
  return { round, tookMs };
}

/** What this worker knew last is not how it is now, once another one seals. */
function tellNothing({ active, lag, held, unsigned }: SealMetrics): void {
  for (const gauge of [active, lag, held, unsigned]) gauge.record(0);
}

/** Says once of each transaction that it has been open for too long. */
function createHolderLog(logger: SealingOptions['logger']): (round: SealRound | null) => void {
  let told: number | null | undefined;
  return (round) => {
    if (round === null || round.heldMs < HELD_TOO_LONG_MS) {
      told = undefined;
      return;
    }
    if (told === round.heldBy) return;
    told = round.heldBy;
    logger.event('seals-held', { waitedMs: Math.round(round.heldMs), backendPid: round.heldBy ?? undefined });
  };
}
