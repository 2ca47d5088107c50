import { writeFileSync } from 'node:fs';
import { addSampleTrail, createTestDatabase, startTestPostgres } from './src/index.ts';

await using pg = await startTestPostgres();
await using db = await createTestDatabase(pg.url);
const [row] = await db.sql("insert into workspaces (name) values ('Testklinik') returning id");
for (const u of ['anna', 'ben', 'vera', 'karl', 'lotte'])
  await db.sql(`insert into auth."user" (id, name, email) values ($1, $1, $1 || '@test.example')`, [u]);
for (const u of ['anna', 'ben', 'vera'])
  await db.sql(
    `insert into members (workspace_id, user_id, role, created_at) values ($1, $2, 'editor', now() - interval '1 year')`,
    [row!['id'], u],
  );
await addSampleTrail(db.sql, {
  workspace: String(row!['id']),
  entries: 1_000_000,
  people: ['anna', 'ben', 'vera', 'karl', 'lotte'],
});
writeFileSync('/tmp/q/url', `${db.ownerUrl}\n${db.appUrl}\n${String(row!['id'])}\n`);
await new Promise((r) => setTimeout(r, 3_600_000));
