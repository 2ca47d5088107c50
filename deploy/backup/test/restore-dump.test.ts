import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, runSql, startBreakablePostgres } from '@meldesync/testkit';
import { afterAll, expect, it } from 'vitest';
import { ensurePostgresClient } from '../../../scripts/lib/postgres-client.mjs';

const programs = await ensurePostgresClient();
const database = await createTestDatabase();
const folder = mkdtempSync(join(tmpdir(), 'meldesync-restore-'));
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function run(name: 'dump' | 'restore-dump', file: string, environment: Readonly<Record<string, string>>) {
  const child = spawn(fileURLToPath(new URL(`../${name}.sh`, import.meta.url)), [file], {
    env: { PATH: `${programs}:${process.env['PATH'] ?? ''}`, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [[code], said] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  return { code: code as number, said };
}

it('a dump is put into another server, which knows no role of the programs yet', async () => {
  const file = join(folder, 'backup.dump');
  const rightsOf = async (url: string) =>
    runSql(
      url,
      `select grantee, table_schema, table_name, privilege_type from information_schema.role_table_grants
       where starts_with(grantee, 'meldesync_') order by 1, 2, 3, 4`,
    );
  expect(await run('dump', file, { OWNER_URL: database.ownerUrl })).toMatchObject({ code: 0 });
  await using other = await startBreakablePostgres();
  const url = new URL(database.ownerUrl);
  url.port = String(other.port);
  await runSql(other.url, `create database ${url.pathname.slice(1)}`);
  expect(await run('restore-dump', file, { NEW_URL: url.href })).toEqual({ code: 0, said: '' });
  const rights = await rightsOf(url.href);
  expect(new Set(rights.map(({ grantee }) => grantee))).toContain('meldesync_auth');
  expect(rights).toEqual(await rightsOf(database.ownerUrl));
});
