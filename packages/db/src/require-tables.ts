import { UnsupportedServer } from '@meldesync/lifecycle';
import type pg from 'pg';
import { NEWEST_MIGRATION, readSchemaState } from './schema-state.ts';

/** Who works with the tables; `accounts` is a node, or a program, that writes who signs in and who may what. */
export type TableUser = 'node' | 'accounts' | 'relay' | 'worker';

/** For each of them a few rights that it cannot work without, as its role has them and no other. */
const RIGHTS: Readonly<Record<TableUser, readonly (readonly [table: string, right: string])[]>> = {
  node: [
    ['public.records', 'update'],
    ['public.edit_operations', 'insert'],
    ['public.events', 'insert'],
  ],
  accounts: [
    ['auth.session', 'insert'],
    ['public.members', 'insert'],
    ['public.events', 'insert'],
  ],
  relay: [
    ['public.feed_state', 'update'],
    ['public.feed_positions', 'insert'],
  ],
  worker: [
    ['public.imports', 'update'],
    ['public.records', 'insert'],
    ['public.import_rows', 'insert'],
  ],
};

/** By oid, since the name of a table in a schema that one may not look into is an error. */
const MISSING_RIGHTS = `
  select current_user as role, coalesce(string_agg(format('%s on %s', wanted.privilege, wanted.name), ', '), '') as missing
  from unnest($1::text[], $2::text[]) as wanted(name, privilege)
  left join (pg_class join pg_namespace on pg_namespace.oid = relnamespace) on nspname || '.' || relname = wanted.name
  where not coalesce(has_schema_privilege(pg_namespace.oid, 'usage') and has_table_privilege(pg_class.oid, wanted.privilege), false)`;

const MIGRATE = 'migrate it: dist/migrate.js as the owner of the tables, which npm start does by itself';

/**
 * Sees whether a database is one that this release can work with, as the role that it is asked as.
 *
 * @param at host and name of the database, for people
 * @param setting the one that names them
 * @returns what is to be noted, though nothing keeps from working
 * @throws UnsupportedServer with what to do
 */
export async function requireTables(
  client: Pick<pg.ClientBase, 'query'>,
  { user, at, setting }: { readonly user: TableUser; readonly at: string; readonly setting: string },
): Promise<string | undefined> {
  const schema = await readSchemaState(client);
  if (schema.state === 'none')
    throw new UnsupportedServer(
      `the database ${at} has no tables of MeldeSync; see its name in ${setting}, or ${MIGRATE}`,
    );
  if (schema.state === 'older')
    throw new UnsupportedServer(
      `the database ${at} is of an older release${schema.newest === undefined ? '' : ` (${schema.newest})`}, and this one needs ${NEWEST_MIGRATION.tag}; ${MIGRATE}`,
    );
  if (schema.state === 'newer' && !schema.worksWithThis)
    throw new UnsupportedServer(
      `the database ${at} is of a release that this process (${NEWEST_MIGRATION.tag}) does not work with: its tables and a process may be one release apart; update this one`,
    );
  const { rows } = await client.query<{ role: string; missing: string }>(MISSING_RIGHTS, [
    RIGHTS[user].map(([table]) => table),
    RIGHTS[user].map(([, right]) => right),
  ]);
  const [{ role, missing } = { role: '', missing: '' }] = rows;
  if (missing !== '')
    throw new UnsupportedServer(
      `the role ${role} lacks rights in the database ${at} (${missing}); see whose name is in ${setting}, or ${MIGRATE}`,
    );
  if (schema.state === 'hidden')
    throw new UnsupportedServer(`the database ${at} was migrated by an older release; ${MIGRATE}`);
  return schema.state === 'newer'
    ? `the database ${at} is of a newer release than this process (${NEWEST_MIGRATION.tag}); update this one`
    : undefined;
}

/** By oid, as above. */
const WIDE_RIGHTS = `
  select current_user as role from pg_class join pg_namespace on pg_namespace.oid = relnamespace
  where nspname = 'auth' and relname = 'account'
    and has_schema_privilege(pg_namespace.oid, 'usage') and has_table_privilege(pg_class.oid, 'select')`;

/** What a role may that only nodes of the release before need, for people; undefined where it may no more than it has to. */
export async function findWideRights(client: Pick<pg.ClientBase, 'query'>): Promise<string | undefined> {
  const { rows } = await client.query<{ role: string }>(WIDE_RIGHTS);
  const [row] = rows;
  return row && `the role ${row.role} may still read how people sign in, which only the release before needs`;
}
