import { type Database, pingDatabase, sqlState } from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';

/** Postgres ends or refuses connections because it stops: admin_shutdown, crash_shutdown, cannot_connect_now. */
const STOPPING = new Set(['57P01', '57P02', '57P03']);

/** Postgres stops, and waits for the relay to confirm all it has been sent. */
class PostgresStopsError extends Error {
  constructor(options: ErrorOptions) {
    super('Postgres stops; the log is left to it', options);
  }
}

export interface ShutdownWatchOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** Ends the pass, and with it the connection that Postgres waits for. */
  readonly fail: (error: Error) => void;
}

/**
 * What to do each time the server asks whether the relay lives. It does so now and then, and all the time while it stops: a
 * stopping Postgres goes only when the reader of its log has confirmed everything, or is gone. What is held back on purpose
 * is not confirmed, so the relay goes, and reads it again afterwards. Any other connection tells it apart from one that is only
 * quiet.
 */
export function createShutdownWatch({ database, logger, fail }: ShutdownWatchOptions): () => void {
  let isAsking = false;
  const look = async (): Promise<void> => {
    try {
      await pingDatabase(database.drizzle);
    } catch (error) {
      if (STOPPING.has(sqlState(error) ?? '')) fail(new PostgresStopsError({ cause: error }));
      else logger.event('shutdown-unasked', { err: error });
    } finally {
      isAsking = false;
    }
  };
  return () => {
    if (isAsking) return;
    isAsking = true;
    void look();
  };
}
