import { type Database, getLogIdentity } from '@meldesync/db';
import { TakenOverError } from './pass-errors.ts';
import { repeat } from './repeat.ts';

const INTERVAL_MS = 1_000;

/**
 * Asks again and again whether the history that the pass reads is still the table, and the publication, that it began with. Rejects with
 * `TakenOverError` when it is not: a restore has made them anew, or somebody has altered the publication.
 */
export async function watchHistory(database: Database, history: string | null, signal: AbortSignal): Promise<void> {
  await repeat(INTERVAL_MS, signal, async () => {
    if ((await getLogIdentity(database.drizzle)).history !== history) throw new TakenOverError();
  });
}
