import { type Database, getLogIdentity } from '@meldesync/db';
import { TakenOverError } from './pass-errors.ts';
import { repeat } from './repeat.ts';

const INTERVAL_MS = 1_000;

/**
 * Asks again and again whether the history that the pass reads is still the table, and the publication, that it began with. Rejects with
 * `TakenOverError` when it is not: a restore has made them anew, or somebody has altered the publication. `onLogEnd` hears each time
 * where the log ends, as a decimal LSN.
 */
export async function watchHistory(
  database: Database,
  history: string | null,
  signal: AbortSignal,
  onLogEnd: (endLsn: string) => void,
): Promise<void> {
  await repeat(INTERVAL_MS, signal, async () => {
    const log = await getLogIdentity(database.drizzle);
    if (log.history !== history) throw new TakenOverError();
    onLogEnd(log.endLsn);
  });
}
