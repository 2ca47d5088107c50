import { randomBytes } from 'node:crypto';
import {
  aloneWithFeed,
  beginEpoch,
  createSlot,
  type Database,
  endEpoch,
  type FeedState,
  getFeedState,
  slotIsUsable,
} from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';

export interface EpochContext {
  readonly database: Database;
  /** Name of the replication slot. */
  readonly slot: string;
  readonly logger: Logger;
}

/** The feed's state; relays that start together do this one after the other. */
export function ensureEpoch(context: EpochContext): Promise<FeedState> {
  return aloneWithFeed(context.database, () => findOrBeginEpoch(context));
}

/**
 * The feed's state. Where the slot is gone, a new epoch: what was committed without a slot is in no feed, so every client
 * must take a snapshot. The old state is removed before the new slot is made, and the new one written after it, so that no
 * cursor of the new epoch can lie before the slot.
 */
async function findOrBeginEpoch({ database, slot, logger }: EpochContext): Promise<FeedState> {
  const usable = await slotIsUsable(database.drizzle, slot);
  const state = await getFeedState(database.drizzle);
  if (usable && state) return state;
  const confirmedLsn = usable ? '0' : await createSlotAnew();
  const fresh = await beginEpoch(database, { epoch: randomBytes(4).toString('hex'), confirmedLsn });
  if (state) logger.warn({ epoch: fresh.epoch, slot }, 'the slot was lost; a new epoch begins');
  else logger.info({ epoch: fresh.epoch, slot }, 'the first epoch begins');
  return fresh;

  async function createSlotAnew(): Promise<string> {
    await endEpoch(database);
    return createSlot(database.drizzle, slot);
  }
}
