import { writeFileSync } from 'node:fs';
import { createTestDatabase, runSql } from '@meldesync/testkit';
import { it } from 'vitest';
import { ROLES, type RoleUser } from '../src/index.ts';
import { tryTables, type TriedTable } from './try-rights.ts';
it('generates', { timeout: 120_000 }, async () => {
  await using database = await createTestDatabase();
  const q = `select format('%I.%I', nspname, relname) as name, array_agg(attname::text order by attnum) as columns
  from pg_class join pg_namespace on pg_namespace.oid = relnamespace join pg_attribute on attrelid = pg_class.oid
  where nspname in ('public', 'auth', 'drizzle') and relkind in ('r', 'p') and not relispartition and attnum > 0 and not attisdropped
  group by nspname, relname order by 1`;
  const tables = (await runSql(database.ownerUrl, q)) as unknown as TriedTable[];
  const all: Record<string, Record<string, string>> = Object.fromEntries(tables.map(({ name }) => [name, {}]));
  for (const user of Object.keys(ROLES) as RoleUser[])
    for (const [t, r] of Object.entries(await tryTables(database.urlAs(user), tables))) (all[t] ??= {})[user] = r;
  const f = await runSql(database.ownerUrl, `select p.oid::regprocedure::text as name,
         array(select rolname::text from pg_roles where rolname = any($1) and has_function_privilege(rolname, p.oid, 'execute') order by 1) as roles
       from pg_proc p where pronamespace = 'public'::regnamespace and not has_function_privilege('public', p.oid, 'execute') order by 1`, [Object.values(ROLES)]);
  writeFileSync('/tmp/least-rights.json', JSON.stringify({ all, f }, null, 1));
});
