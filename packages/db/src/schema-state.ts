import type pg from 'pg';
import supported from '../../../supported-versions.json' with { type: 'json' };
import journal from '../migrations/meta/_journal.json' with { type: 'json' };
import { sqlState } from './errors.ts';

/** Which migrations a database has, beside those that this release brings. */
export type SchemaState =
  | { readonly state: 'same' | 'none' }
  /** `newest`: name of the last migration it has, where this release knows it. */
  | { readonly state: 'older'; readonly newest: string | undefined }
  /** `worksWithThis`: it has been brought there by the release after this one, which still works with this one. */
  | { readonly state: 'newer'; readonly worksWithThis: boolean }
  /** Who asks may not read it: another role than ours, or the tables are of a release that did not allow it yet. */
  | { readonly state: 'hidden' };

type Migration = Pick<(typeof journal.entries)[number], 'tag' | 'when'>;

const INSUFFICIENT_PRIVILEGE = '42501';

/** The last migration of this release. */
export const NEWEST_MIGRATION: Migration = newestOf(journal.entries);

/** The last migration of the release before: its processes work with the tables of this one (expand, migrate, contract), older ones do not. */
export const OLDEST_AT_WORK: Migration = migrationOf(supported.releaseBefore.migration);

function migrationOf(tag: string): Migration {
  const found = journal.entries.find((entry) => entry.tag === tag);
  if (!found) throw new Error(`there is no migration ${tag}`);
  return found;
}

function newestOf(entries: readonly Migration[]): Migration {
  const [newest] = entries.toSorted((one, other) => other.when - one.when);
  if (!newest) throw new Error('there are no migrations');
  return newest;
}

/** Where drizzle notes which migrations have run. In the catalogue it is seen by everybody. */
const NOTES = `
  select 1 from pg_class join pg_namespace on pg_namespace.oid = relnamespace
  where nspname = 'drizzle' and relname = '__drizzle_migrations'`;

/**
 * Where the migrator notes when the last migration was written of the oldest release whose processes work with these tables. A release
 * that knew nothing of it was followed by one that did, so where it is missing nothing is newer than that.
 */
export const OLDEST_NOTE = 'drizzle.meldesync_oldest_at_work';

/** For the migrator, as the owner. Never lowered: a release that is older than the tables has nothing to say of them. */
export const NOTE_OLDEST = [
  `create table if not exists ${OLDEST_NOTE} (is_only boolean primary key default true check (is_only), migration bigint not null)`,
  `insert into ${OLDEST_NOTE} (migration) values (${OLDEST_AT_WORK.when})
   on conflict (is_only) do update set migration = greatest(${OLDEST_NOTE.split('.')[1]}.migration, excluded.migration)`,
];

/** Asks a database which migrations it has. */
export async function readSchemaState(client: Pick<pg.ClientBase, 'query'>): Promise<SchemaState> {
  const { rowCount } = await client.query(NOTES);
  if (rowCount === 0) return { state: 'none' };
  try {
    const { rows } = await client.query<{ at: string | null }>(
      'select max(created_at) as at from drizzle.__drizzle_migrations',
    );
    const at = rows[0]?.at ?? undefined;
    const state = judgeSchema(at === undefined ? undefined : Number(at));
    return state.state === 'newer' ? { ...state, worksWithThis: await worksWithThis(client) } : state;
  } catch (error) {
    if (sqlState(error) === INSUFFICIENT_PRIVILEGE) return { state: 'hidden' };
    throw error;
  }
}

async function worksWithThis(client: Pick<pg.ClientBase, 'query'>): Promise<boolean> {
  const { rows: there } = await client.query<{ isThere: boolean }>(
    `select to_regclass('${OLDEST_NOTE}') is not null as "isThere"`,
  );
  if (!there[0]?.isThere) return true;
  const { rows } = await client.query<{ migration: string }>(`select migration from ${OLDEST_NOTE}`);
  return Number(rows[0]?.migration ?? 0) <= NEWEST_MIGRATION.when;
}

/** @param at when the last migration that has run was written; undefined where none has */
function judgeSchema(at: number | undefined): SchemaState {
  if (at === undefined) return { state: 'none' };
  if (at === NEWEST_MIGRATION.when) return { state: 'same' };
  if (at > NEWEST_MIGRATION.when) return { state: 'newer', worksWithThis: true };
  return { state: 'older', newest: journal.entries.find(({ when }) => when === at)?.tag };
}
