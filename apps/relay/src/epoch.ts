import { randomBytes } from 'node:crypto';
import {
  adoptLog,
  aloneWithFeed,
  beginEpoch,
  type Database,
  dropSlot,
  endEpoch,
  findUsableSlot,
  getFeedState,
  getLogIdentity,
  type StoredFeedState,
} from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import { type EpochEnd, type EpochFacts, whyEpochEnds } from './epoch-end.ts';

export interface EpochContext {
  readonly database: Database;
  /** Name of the replication slot. */
  readonly slot: string;
  readonly logger: Logger;
  readonly distrusted: EpochFacts['distrusted'];
  readonly onBegun: (why: EpochEnd | 'first') => void;
  /** Makes the slot; the decimal LSN from which it tells of commits. */
  readonly createSlot: () => Promise<string>;
  /** Resolves once everything that was committed before the slot can be seen. */
  readonly untilVisible: () => Promise<void>;
}

/** The feed's state; relays that start together do this one after the other. */
export function ensureEpoch(context: EpochContext): Promise<StoredFeedState> {
  return aloneWithFeed(context.database, () => findOrBeginEpoch(context));
}

/**
 * The feed's state. Where the log cannot go on from where the feed stood, a new epoch: what was committed in between is in no
 * feed, so every client must take a snapshot. The old state is removed before a new slot is made, and the new one written
 * after it, so that no cursor of the new epoch can lie before the slot. A slot that can be read from stays: what it tells of
 * commits from before the epoch, the epoch's beginning holds already. Not so where the tables or the publication were made anew: there
 * may be a part of the log that nobody can read past.
 *
 * Throws while no publication tells of the history: what a relay passed on then would say that all is current.
 */
async function findOrBeginEpoch(context: EpochContext): Promise<StoredFeedState> {
  const { database, slot, logger, distrusted, onBegun, createSlot } = context;
  // In this order: a position is confirmed to the state first.
  let slotLsn = await findUsableSlot(database.drizzle, slot);
  const state = await getFeedState(database.drizzle);
  const log = await getLogIdentity(database.drizzle);
  if (log.history === null)
    throw new Error('the publication meldesync_feed does not tell of all that is written into changes');
  const why = state ? whyEpochEnds({ state, slotLsn, log, distrusted }) : 'first';
  if (state && why === undefined) {
    if (state.systemId === null || state.history === null) await adoptLog(database, state.epoch, log);
    return { ...state, history: log.history };
  }
  if (slotLsn !== undefined && (why === 'other-history' || why === 'log-unreadable')) {
    await dropSlot(database.drizzle, slot);
    slotLsn = undefined;
  }
  if (slotLsn === undefined) await endEpoch(database, state?.epoch);
  const confirmedLsn = slotLsn ?? (await createSlot());
  // What is in the log before the slot and not visible yet would be in no snapshot that is taken now, and in no frame.
  await context.untilVisible();
  const { systemId, timeline, history } = log;
  const fresh = await beginEpoch(
    database,
    { epoch: randomBytes(4).toString('hex'), confirmedLsn, systemId, timeline, history },
    slotLsn === undefined ? undefined : state?.epoch,
  );
  if (state) logger.event('epoch-begun', { epoch: fresh.epoch, slot, reason: why });
  else logger.event('epoch-first', { epoch: fresh.epoch, slot });
  onBegun(why ?? 'first');
  return fresh;
}
