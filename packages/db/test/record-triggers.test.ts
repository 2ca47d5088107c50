import { createTestDatabase, runSql } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { recordFunctions } from '../src/triggers/record-functions.ts';

it('R5.1 the functions of a migrated database name the fields that the domain describes', async () => {
  await using database = await createTestDatabase();
  const definitions = async (): Promise<Map<unknown, unknown>> => {
    const rows = await runSql(
      database.ownerUrl,
      `select oid::regprocedure::text as name, pg_get_functiondef(oid) as definition from pg_proc
       where pronamespace = 'public'::regnamespace and prokind = 'f' order by 1`,
    );
    return new Map(rows.map((row) => [row['name'], row['definition']]));
  };
  const migrated = await definitions();
  const generated = recordFunctions();
  for (const made of generated) await runSql(database.ownerUrl, made);
  // Else a migration is missing: `npm run triggers -w packages/db` prints what belongs into it.
  expect(await definitions()).toEqual(migrated);
  expect(migrated.size).toBeGreaterThanOrEqual(generated.length);
});
