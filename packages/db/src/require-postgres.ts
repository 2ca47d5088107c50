import { requireVersion, tlsProblem, UnsupportedServer } from '@meldesync/lifecycle';
import { sqlState } from './errors.ts';
import { openClient } from './open-client.ts';
import { findWideRights, requireTables, type TableUser } from './require-tables.ts';

/** What a program needs of its Postgres. */
export interface PostgresNeeds {
  /** `postgres://…` */
  readonly url: string;
  /** The setting that gives it; `DATABASE_URL` unless given. */
  readonly setting?: string;
  /** It reads the log (`wal_level=logical`). */
  readonly logicalLog: boolean;
  /** The oldest version; the oldest that is supported unless given. */
  readonly oldest?: string;
  /** Who works with the tables; nobody where it is to make them. */
  readonly user?: TableUser;
  /** Hears what is to be noted, though nothing keeps the program from working. */
  readonly onNote?: (reason: string) => void;
  /** Hears that the role may do more than its work takes, as after an update. */
  readonly onWideRights?: (reason: string) => void;
}

/** What Postgres says of itself. */
export interface PostgresFacts {
  readonly version: string;
  readonly walLevel: string;
}

const PATIENCE_MS = 5_000;

/** SQLSTATEs of a sign-in that is refused for what it names: no retry helps. */
const REFUSALS: ReadonlySet<string> = new Set(['28000', '28P01', '3D000', '42501']);

/**
 * Asks Postgres whether a program can work with it, and resolves with the error if it did not answer: that it is away is no
 * reason not to start.
 *
 * @throws UnsupportedServer when it refuses the sign-in, when its version or its `wal_level` is wrong, and when the tables or the
 *   rights are not there that the program works with
 */
export async function requirePostgres(needs: PostgresNeeds): Promise<Error | undefined> {
  const client = openChecked(needs);
  try {
    await client.connect().catch((error: unknown) => {
      throw refusalOf(error, needs) ?? error;
    });
    const { rows } = await client.query<PostgresFacts>(
      `select split_part(current_setting('server_version'), ' ', 1) as version, current_setting('wal_level') as "walLevel"`,
    );
    const [facts] = rows;
    if (!facts) throw new Error('Postgres did not say its version');
    judgePostgres(facts, needs);
    if (needs.user) {
      const note = await requireTables(client, {
        user: needs.user,
        at: databaseOf(needs.url),
        setting: settingOf(needs),
      });
      if (note !== undefined) needs.onNote?.(note);
      const wide = needs.onWideRights && (await findWideRights(client));
      if (wide !== undefined) needs.onWideRights?.(wide);
    }
    return undefined;
  } catch (error) {
    if (error instanceof UnsupportedServer) throw error;
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await client.end();
  }
}

/** Opens a connection, not yet connected, that gives up soon. */
function openChecked({ url, ...needs }: PostgresNeeds) {
  try {
    return openClient(
      {
        connectionString: url,
        application_name: 'meldesync-check',
        connectionTimeoutMillis: PATIENCE_MS,
        query_timeout: PATIENCE_MS,
      },
      // What is asked fails for it too, and says so.
      () => {},
    );
  } catch (error) {
    // Certificates that the address names (`sslrootcert=…`) are read at once.
    const { path, code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new UnsupportedServer(`${settingOf(needs)} names a file that cannot be read: ${path} (${code})`);
  }
}

function refusalOf(error: unknown, { url, ...needs }: PostgresNeeds): UnsupportedServer | undefined {
  const problem = tlsProblem(error);
  if (problem !== undefined)
    return new UnsupportedServer(
      `PostgreSQL at ${new URL(url).host} ${problem}; see host, sslmode and sslrootcert in ${settingOf(needs)}`,
    );
  const state = sqlState(error);
  if (state === undefined || !REFUSALS.has(state)) return undefined;
  const user = decodeURIComponent(new URL(url).username);
  return new UnsupportedServer(
    `PostgreSQL refuses the sign-in${user === '' ? '' : ` of ${user}`} to ${databaseOf(url)} (${state}); see role, password and database in ${settingOf(needs)}`,
  );
}

function settingOf({ setting = 'DATABASE_URL' }: Pick<PostgresNeeds, 'setting'>): string {
  return setting;
}

/** Host and name of a database, never the password. */
function databaseOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

/** @throws UnsupportedServer as {@link requirePostgres} does */
export function judgePostgres({ version, walLevel }: PostgresFacts, { url, logicalLog, oldest }: PostgresNeeds): void {
  const at = new URL(url).host;
  requireVersion('PostgreSQL', version, at, oldest);
  if (logicalLog && walLevel !== 'logical')
    throw new UnsupportedServer(`PostgreSQL at ${at} has wal_level=${walLevel}, and MeldeSync needs wal_level=logical`);
}
