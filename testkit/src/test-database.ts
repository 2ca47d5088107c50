import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { migrateDatabase, ROLES, type RoleUser, sqlState } from '@meldesync/db';
import pg from 'pg';
import { hushErrors } from '../../scripts/lib/hush-errors.mjs';
import { testEnvironment } from './environment.ts';

const MIGRATIONS = fileURLToPath(new URL('../../packages/db/migrations', import.meta.url));
/** The roles are the server's, not the database's: every test gives them the same password. */
const PASSWORD = 'test-role';
const PASSWORDS = { app: PASSWORD, auth: PASSWORD, worker: PASSWORD, relay: PASSWORD, auditor: PASSWORD };

/** A fresh, migrated database of its own. */
export interface TestDatabase extends AsyncDisposable {
  /** Connection as the owner: what psql would use. */
  readonly ownerUrl: string;
  /** Connection as the application's role. */
  readonly appUrl: string;
  /**
   * Runs SQL as the owner, as `runSql` does, and as if on a connection of its own: nothing that one call sets is left for the
   * next. Many small questions cost a tenth, since they make none.
   */
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Connection as any of the roles that the migrations make. */
  urlAs(who: RoleUser): string;
  /** Connection as who lets people in and administers. */
  readonly authUrl: string;
  /** Replication slots belong to the server, so each database has its own name for it. */
  readonly slot: string;
}

/** Makes one on a server, given as a superuser's URL; on that of the run, where there is a template, as a copy of it. */
export async function createTestDatabase(server?: string): Promise<TestDatabase> {
  const { TEST_DATABASE_URL: own, TEST_DATABASE_TEMPLATE: template } = testEnvironment();
  if (server !== undefined || template === undefined) return makeTestDatabase(server ?? own);
  return makeTestDatabase(own, template);
}

async function makeTestDatabase(server: string, template?: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asSuperuser(server, async (client) => {
    await client.query(`create database ${name} ${template === undefined ? '' : `template ${template}`}`);
    // A database's own settings and grants are not copied with it.
    await hushErrors(client, name);
    if (template !== undefined)
      await client.query(`grant connect on database ${name} to ${Object.values(ROLES).join(', ')}`);
  });
  const ownerUrl = withUrl(server, (url) => {
    url.pathname = `/${name}`;
  });
  if (template === undefined) await migrateAlone(ownerUrl);
  const slot = `slot_${name}`;
  const urlAs = (who: RoleUser) => asRole(ownerUrl, who);
  const kept = keepConnections(ownerUrl);
  return {
    ownerUrl,
    slot,
    sql: kept.sql,
    appUrl: urlAs('app'),
    authUrl: urlAs('auth'),
    urlAs,
    [Symbol.asyncDispose]: async () => {
      await kept.end();
      await asSuperuser(server, async (client) => {
        await dropSlot(client, slot);
        await client.query(`drop database ${name} with (force)`);
      });
    },
  };
}

/** The same connection as one of the roles that the migrations make, wherever it leads. */
export function asRole(url: string, who: RoleUser): string {
  return withUrl(url, (changed) => {
    changed.username = ROLES[who];
    changed.password = PASSWORD;
  });
}

/** Connections that are asked one question after the other; those that nobody asks are closed. */
function keepConnections(url: string): Pick<TestDatabase, 'sql'> & { end(): Promise<void> } {
  const pool = new pg.Pool({ connectionString: url, max: 20, idleTimeoutMillis: 1_000, allowExitOnIdle: true });
  // Tests end connections; what is asked on one fails then, which says it all, and others are not asked any more.
  pool.on('error', () => undefined);
  return {
    sql: async (text, values = []) => {
      const client = await pool.connect();
      const note = () => undefined;
      client.on('error', note);
      let isClean = false;
      try {
        const { rows } = await client.query<Record<string, unknown>>(text, values);
        // A transaction that was left open ends with its connection.
        isClean = await client.query('discard all').then(
          () => true,
          () => false,
        );
        return rows;
      } finally {
        client.off('error', note);
        client.release(!isClean);
      }
    },
    end: () => pool.end(),
  };
}

/** Runs SQL as the owner, past the application, as somebody with psql would. */
export async function runSql(
  ownerUrl: string,
  sql: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  return asSuperuser(ownerUrl, async (client) => (await client.query(sql, values)).rows as Record<string, unknown>[]);
}

async function asSuperuser<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  // What was asked fails then, which says it all.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Test files run at the same time, and two of them cannot alter the shared role at once (SQLSTATE XX000). */
async function migrateAlone(ownerUrl: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await migrateDatabase({ ownerUrl, folder: MIGRATIONS, passwords: PASSWORDS });
    } catch (error) {
      if (attempt === 20 || !['XX000', '42710', '23505'].includes(sqlState(error) ?? '')) throw error;
      await sleep(20 * attempt);
    }
  }
}

/** A slot is free a moment after its connection has ended. */
async function dropSlot(client: pg.Client, slot: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { rows } = await client.query<{ active_pid: number | null }>(
      'select active_pid from pg_replication_slots where slot_name = $1',
      [slot],
    );
    const [row] = rows;
    if (!row) return;
    if (row.active_pid === null || attempt > 50) {
      await client.query('select pg_drop_replication_slot($1)', [slot]);
      return;
    }
    await sleep(50);
  }
}

function withUrl(base: string, change: (url: URL) => void): string {
  const url = new URL(base);
  change(url);
  return url.toString();
}
