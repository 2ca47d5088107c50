import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOldDatabase, MONTH, type OldDatabase, verifyArchive, writeArchives } from './filled-archive.ts';

let database: OldDatabase;
let workspace: string;
beforeAll(async () => {
  database = await createOldDatabase();
  workspace = await database.addWorkspace();
});
afterAll(() => database[Symbol.asyncDispose]());

/** Numbers as people and programs write them, of which JavaScript keeps but some. */
const number = fc.oneof(
  fc.constantFrom('1.50', '12345678901234567890', '0.10', '-0.0', '1e3', '1E-3', '100000000000000000000.000'),
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
  fc
    .tuple(
      fc.bigInt({ min: 0n, max: 10n ** 20n }),
      fc.string({ unit: fc.constantFrom('0', '1', '5', '9'), minLength: 1 }),
    )
    .map(([whole, decimals]) => `${whole}.${decimals}`),
);
const text = fc
  .string({ unit: fc.constantFrom('a', 'Ä', '😀', '"', '\\', '\n', '\r', '\u2028', '\u2029', '\u001f', ' ', '{', '}') })
  .map((value) => JSON.stringify(value));
const { value } = fc.letrec<{ value: string; list: string; object: string }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, number, text, fc.constantFrom('null', 'true'), tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
  object: fc
    .array(fc.tuple(text, tie('value')), { maxLength: 4 })
    .map((members) => `{${members.map(([key, of]) => `${key}:${of}`).join(',')}}`),
}));
const content = fc
  .array(fc.tuple(text, value), { minLength: 1, maxLength: 3 })
  .map((members) => `{${members.map(([key, of]) => `${key}:${of}`).join(',')}}`);

let made = 0;
async function add(contents: readonly string[]): Promise<void> {
  for (const each of contents) {
    made += 1;
    await database.sql(
      `insert into events (at, kind, actor, workspace_id, subject, before, after)
       values ('${MONTH}-05', 'lock-taken', 'user:anna', $1, $2, null, $3::jsonb)`,
      [workspace, `record:${made}`, each],
    );
    await database.sql(
      `insert into changes (workspace_id, record_id, version, op, before, after, actor, via, at) values
       ($1, $2, 1, 'insert', '{}', $3::jsonb, 'user:anna', 'web', now() - interval '11 years'),
       ($1, $2, 2, 'delete', $3::jsonb, '{}', 'user:anna', 'web', now() - interval '11 years')`,
      [workspace, 1_000_000 + made, each],
    );
  }
}

it('R5.5 whatever an entry holds, its archive proves it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(content, { minLength: 1, maxLength: 12 }), async (contents) => {
      await add(contents);
      await database.sealAll();
      const folder = await mkdtemp(join(tmpdir(), 'meldesync-archive-'));
      try {
        await writeArchives(database, folder, await database.changes(), { name: 'changes' });
        await writeArchives(database, folder, await database.events(), { name: 'events' });
        for (const [file, entries] of [
          ['changes.jsonl', 2 * made],
          ['events.jsonl', made],
        ] as const)
          expect(await verifyArchive(folder, file)).toEqual({
            kind: 'archive',
            entries,
            proved: entries,
            unproved: 0,
            findings: [],
          });
        expect(await readdir(folder)).toHaveLength(2);
      } finally {
        await rm(folder, { recursive: true });
      }
    }),
    { numRuns: 15 },
  );
}, 120_000);
