import { createTestDatabase, runSql } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { recordTriggerFunctions } from '../src/triggers/record-triggers.ts';

it('R5.1 the triggers of a migrated database name the fields that the domain describes', async () => {
  await using database = await createTestDatabase();
  const definitions = async (): Promise<Map<unknown, unknown>> => {
    const rows = await runSql(
      database.ownerUrl,
      `select proname, pg_get_functiondef(oid) as definition from pg_proc
       where pronamespace = 'public'::regnamespace and prokind = 'f' and proname like any($1) order by proname`,
      [['records_before_%', 'changes_after_%']],
    );
    return new Map(rows.map((row) => [row['proname'], row['definition']]));
  };
  const migrated = await definitions();
  const generated = recordTriggerFunctions();
  for (const made of generated) await runSql(database.ownerUrl, made);
  // Else a migration is missing: `npm run triggers -w packages/db` prints what belongs into it.
  expect(await definitions()).toEqual(migrated);
  expect(migrated.size).toBeGreaterThanOrEqual(generated.length);
});
