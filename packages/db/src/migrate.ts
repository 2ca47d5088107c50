import { sql } from 'drizzle-orm';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type { Executor } from './connect.ts';
import { connectOnce } from './open-client.ts';
import { NOTE_OLDEST, OLDEST_NOTE } from './schema-state.ts';

export interface MigrateOptions {
  /** Connection as the owner of the tables, who may create roles. */
  readonly ownerUrl: string;
  /** Folder of the migrations. */
  readonly folder: string;
  /** Passwords that roles sign in with. One without is left as it is, and can at first not sign in. */
  readonly passwords: { readonly app: string } & { readonly [Who in RoleUser]?: string | undefined };
  /**
   * What is to become of rights that only nodes of the release before need: `narrow` takes them away, `widen` gives them back. Without
   * it they stay as they are, and a database that had no tables yet never gets them.
   */
  readonly rights?: 'narrow' | 'widen' | undefined;
}

/** The roles that the migrations make, by who connects as them. What each may do is in the migrations. */
export const ROLES = {
  app: 'meldesync_app',
  auth: 'meldesync_auth',
  worker: 'meldesync_worker',
  relay: 'meldesync_relay',
  auditor: 'meldesync_auditor',
} as const;
export type RoleUser = keyof typeof ROLES;

/**
 * Brings the database to the newest schema, switches on what a restore may have left switched off, and lets roles sign in. Idempotent;
 * one at a time. Throws with SQLSTATE 42501 where the owner may not let a role replicate: that takes a superuser, or from
 * PostgreSQL 16 on one who replicates and may create roles.
 */
export async function migrateDatabase(options: MigrateOptions): Promise<void> {
  // The lock is the session's: on one connection that nothing replaces it holds for all that follows, and ends with it.
  await using database = await connectOnce(
    { connectionString: options.ownerUrl, application_name: 'meldesync-migrate' },
    // The statement under way fails for it, or the next; this is the only one that says why.
    (error) => process.emitWarning(error),
  );
  const { drizzle } = database;
  await drizzle.execute(sql`select pg_advisory_lock(hashtext('meldesync-migrate'))`);
  const isNew = await hasNoTables(drizzle);
  await migrate(drizzle, { migrationsFolder: options.folder });
  await drizzle.execute(sql`select meldesync_enable_triggers()`);
  await setRights(drizzle, options.rights ?? (isNew ? 'narrow' : undefined));
  await showState(drizzle);
  for (const [who, password] of Object.entries(options.passwords) as [RoleUser, string | undefined][]) {
    if (password !== undefined) await letSignIn(drizzle, who, password);
  }
}

async function hasNoTables(drizzle: Executor): Promise<boolean> {
  const { rows } = await drizzle.execute<{ isNew: boolean }>(
    sql`select to_regclass('public.records') is null as "isNew"`,
  );
  return rows[0]?.isNew === true;
}

async function setRights(drizzle: Executor, rights: MigrateOptions['rights']): Promise<void> {
  if (rights === 'narrow') await drizzle.execute(sql`select meldesync_narrow_app()`);
  if (rights === 'widen') await drizzle.execute(sql`select meldesync_widen_app()`);
}

/** Each process sees by it whether it works with the tables. */
async function showState(drizzle: Executor): Promise<void> {
  for (const statement of NOTE_OLDEST) await drizzle.execute(sql.raw(statement));
  const roles = sql.raw(Object.values(ROLES).join(', '));
  await drizzle.execute(sql`grant usage on schema drizzle to ${roles}`);
  await drizzle.execute(sql`grant select on drizzle.__drizzle_migrations, ${sql.raw(OLDEST_NOTE)} to ${roles}`);
}

async function letSignIn(drizzle: Executor, who: RoleUser, password: string): Promise<void> {
  const role = ROLES[who];
  const attributes = who === 'relay' ? 'login replication' : 'login';
  const statements = await drizzle.execute<{ sql: string }>(sql`
    select format('alter role %I with ${sql.raw(attributes)} password %L', ${role}::text, ${password}::text) as sql
    union all
    select format('grant connect on database %I to %I', current_database(), ${role}::text)`);
  for (const row of statements.rows) await drizzle.execute(sql.raw(row.sql));
  // Where the owner may not give that, a relay that waits for other people's transactions cannot say whose they are.
  if (who === 'relay')
    await drizzle.execute(sql`do $$ begin
      grant pg_read_all_stats to meldesync_relay;
    exception when insufficient_privilege then null;
    end $$`);
}
