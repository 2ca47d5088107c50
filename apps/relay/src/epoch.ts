import { randomBytes } from 'node:crypto';
import {
  adoptLog,
  aloneWithFeed,
  beginEpoch,
  type Database,
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
}

/** The feed's state; relays that start together do this one after the other. */
export function ensureEpoch(context: EpochContext): Promise<StoredFeedState> {
  return aloneWithFeed(context.database, () => findOrBeginEpoch(context));
}

/**
 * The feed's state. Where the log cannot go on from where the feed stood, a new epoch: what was committed in between is in no
 * feed, so every client must take a snapshot. The old state is removed before a new slot is made, and the new one written
 * after it, so that no cursor of the new epoch can lie before the slot. A slot that can be read from stays: what it tells of
 * commits from before the epoch, the epoch's beginning holds already.
 */
async function findOrBeginEpoch(context: EpochContext): Promise<StoredFeedState> {
  const { database, slot, logger, distrusted, onBegun, createSlot } = context;
  // In this order: a position is confirmed to the state first.
  const slotLsn = await findUsableSlot(database.drizzle, slot);
  const state = await getFeedState(database.drizzle);
  const log = await getLogIdentity(database.drizzle);
  const why = state ? whyEpochEnds({ state, slotLsn, log, distrusted }) : 'first';
  if (state && why === undefined) {
    if (state.systemId === null) await adoptLog(database, state.epoch, log);
    return state;
  }
  if (slotLsn === undefined) await endEpoch(database, state?.epoch);
  const confirmedLsn = slotLsn ?? (await createSlot());
  const { systemId, timeline } = log;
  const fresh = await beginEpoch(
    database,
    { epoch: randomBytes(4).toString('hex'), confirmedLsn, systemId, timeline },
    slotLsn === undefined ? undefined : state?.epoch,
  );
  if (state) logger.warn({ epoch: fresh.epoch, slot, why }, 'the feed cannot go on; a new epoch begins');
  else logger.info({ epoch: fresh.epoch, slot }, 'the first epoch begins');
  onBegun(why ?? 'first');
  return fresh;
}
