import type pg from 'pg';
import journal from '../migrations/meta/_journal.json' with { type: 'json' };
import { sqlState } from './errors.ts';

/** Which migrations a database has, beside those that this release brings. */
export type SchemaState =
  | { readonly state: 'same' | 'none' }
  /** `newest`: name of the last migration it has, where this release knows it. */
  | { readonly state: 'older'; readonly newest: string | undefined }
  | { readonly state: 'newer' }
  /** Who asks may not read it: another role than ours, or the tables are of a release that did not allow it yet. */
  | { readonly state: 'hidden' };

type Migration = Pick<(typeof journal.entries)[number], 'tag' | 'when'>;

const INSUFFICIENT_PRIVILEGE = '42501';

/** The last migration of this release. */
export const NEWEST_MIGRATION: Migration = newestOf(journal.entries);

function newestOf(entries: readonly Migration[]): Migration {
  const [newest] = entries.toSorted((one, other) => other.when - one.when);
  if (!newest) throw new Error('there are no migrations');
  return newest;
}

/** Where drizzle notes which migrations have run. In the catalogue it is seen by everybody. */
const NOTES = `
  select 1 from pg_class join pg_namespace on pg_namespace.oid = relnamespace
  where nspname = 'drizzle' and relname = '__drizzle_migrations'`;

/** Asks a database which migrations it has. */
export async function readSchemaState(client: Pick<pg.ClientBase, 'query'>): Promise<SchemaState> {
  const { rowCount } = await client.query(NOTES);
  if (rowCount === 0) return { state: 'none' };
  try {
    const { rows } = await client.query<{ at: string | null }>(
      'select max(created_at) as at from drizzle.__drizzle_migrations',
    );
    const at = rows[0]?.at ?? undefined;
    return judgeSchema(at === undefined ? undefined : Number(at));
  } catch (error) {
    if (sqlState(error) === INSUFFICIENT_PRIVILEGE) return { state: 'hidden' };
    throw error;
  }
}

/** @param at when the last migration that has run was written; undefined where none has */
function judgeSchema(at: number | undefined): SchemaState {
  if (at === undefined) return { state: 'none' };
  if (at === NEWEST_MIGRATION.when) return { state: 'same' };
  if (at > NEWEST_MIGRATION.when) return { state: 'newer' };
  return { state: 'older', newest: journal.entries.find(({ when }) => when === at)?.tag };
}
