import { sql } from 'drizzle-orm';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { connectOnce } from './open-client.ts';

export interface MigrateOptions {
  /** Connection as the owner of the tables, who may create roles. */
  readonly ownerUrl: string;
  /** Folder of the migrations. */
  readonly folder: string;
  /** Password the application's role signs in with. */
  readonly appPassword: string;
}

/** Name of the role that sync nodes and workers connect as. */
export const APP_ROLE = 'meldesync_app';

/**
 * Brings the database to the newest schema, switches on what a restore may have left switched off, and lets the application's role
 * sign in. Idempotent; one at a time.
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
  await migrate(drizzle, { migrationsFolder: options.folder });
  await drizzle.execute(sql`select meldesync_enable_triggers()`);
  const statement = await drizzle.execute<{ sql: string }>(
    sql`select format('alter role %I with login password %L', ${APP_ROLE}::text, ${options.appPassword}::text) as sql`,
  );
  const grant = await drizzle.execute<{ sql: string }>(
    sql`select format('grant connect on database %I to %I', current_database(), ${APP_ROLE}::text) as sql`,
  );
  for (const row of [...statement.rows, ...grant.rows]) await drizzle.execute(sql.raw(row.sql));
}
