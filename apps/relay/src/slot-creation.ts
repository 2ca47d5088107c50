import { cancelBackend, createSlot, type Database, findBlockers } from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import { repeat } from './repeat.ts';

const LOOK_EVERY_MS = 1_000;
/** So long it takes on a busy server too, and nobody need hear of it. */
const PATIENCE_MS = 2_000;
const LOG_EVERY_MS = 10_000;

export interface SlotCreationOptions {
  readonly database: Database;
  readonly slot: string;
  readonly logger: Logger;
  /** Ends the wait; it rejects then. */
  readonly signal: AbortSignal;
  /** For how long the slot has been waited for, once that is longer than usual; 0 when it no longer is. */
  readonly onWaiting: (waitedMs: number) => void;
}

/**
 * Makes the slot; the decimal LSN from which it tells of commits. Postgres waits for every transaction that has written when it
 * is asked, also for one that somebody left open, and nothing reaches anybody until then: so it is said which they are. Never
 * what they run, which may hold data of patients.
 */
export async function createSlotWatched({
  database,
  slot,
  logger,
  signal,
  onWaiting,
}: SlotCreationOptions): Promise<string> {
  const made = new AbortController();
  const watching = AbortSignal.any([signal, made.signal]);
  const startedAt = Date.now();
  let backend: number | undefined;
  let loggedAt = 0;
  const cancel = () => {
    if (backend === undefined) return;
    cancelBackend(database.drizzle, backend).catch((err: unknown) => logger.event('slot-not-cancelled', { err }));
  };
  const look = async (): Promise<void> => {
    const now = Date.now();
    const waitedMs = now - startedAt;
    if (backend === undefined || waitedMs < PATIENCE_MS) return;
    onWaiting(waitedMs);
    if (now - loggedAt < LOG_EVERY_MS) return;
    const transactions = await findBlockers(database.drizzle, backend);
    // On a busy server it may not have come to waiting yet.
    if (transactions.length === 0 && waitedMs < LOG_EVERY_MS) return;
    loggedAt = now;
    logger.event('slot-waits', { slot, waitedMs, transactions });
  };
  signal.addEventListener('abort', cancel, { once: true });
  const watch = repeat(LOOK_EVERY_MS, watching, look).catch((err: unknown) => logger.event('slot-unasked', { err }));
  try {
    return await createSlot(database, slot, (pid) => {
      backend = pid;
      if (signal.aborted) cancel();
    });
  } finally {
    signal.removeEventListener('abort', cancel);
    made.abort();
    await watch;
    onWaiting(0);
  }
}
