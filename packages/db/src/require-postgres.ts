import { requireVersion, UnsupportedServer } from '@meldesync/lifecycle';
import { openClient } from './open-client.ts';

/** What a program needs of its Postgres. */
export interface PostgresNeeds {
  /** `postgres://…` */
  readonly url: string;
  /** It reads the log (`wal_level=logical`). */
  readonly logicalLog: boolean;
  /** The oldest version; the oldest that is supported unless given. */
  readonly oldest?: string;
}

/** What Postgres says of itself. */
export interface PostgresFacts {
  readonly version: string;
  readonly walLevel: string;
}

const PATIENCE_MS = 5_000;

/**
 * Asks Postgres whether a program can work with it, and resolves with the error if it did not answer: that it is away is no
 * reason not to start.
 *
 * @throws UnsupportedServer when its version or its `wal_level` is wrong
 */
export async function requirePostgres(needs: PostgresNeeds): Promise<Error | undefined> {
  const client = openClient(
    {
      connectionString: needs.url,
      application_name: 'meldesync-check',
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
    },
    // What is asked fails for it too, and says so.
    () => {},
  );
  try {
    await client.connect();
    const { rows } = await client.query<PostgresFacts>(
      `select split_part(current_setting('server_version'), ' ', 1) as version, current_setting('wal_level') as "walLevel"`,
    );
    const [facts] = rows;
    if (!facts) throw new Error('Postgres did not say its version');
    judgePostgres(facts, needs);
    return undefined;
  } catch (error) {
    if (error instanceof UnsupportedServer) throw error;
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await client.end();
  }
}

/** @throws UnsupportedServer as {@link requirePostgres} does */
export function judgePostgres({ version, walLevel }: PostgresFacts, { url, logicalLog, oldest }: PostgresNeeds): void {
  const at = new URL(url).host;
  requireVersion('PostgreSQL', version, at, oldest);
  if (logicalLog && walLevel !== 'logical')
    throw new UnsupportedServer(`PostgreSQL at ${at} has wal_level=${walLevel}, and MeldeSync needs wal_level=logical`);
}
