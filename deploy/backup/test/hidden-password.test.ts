import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, eventually, openTransaction } from '@meldesync/testkit';
import { afterAll, expect, it } from 'vitest';
import { ensurePostgresClient } from '../../../scripts/lib/postgres-client.mjs';

/** It has what an address cannot hold as it is. */
const PASSWORD = 'p@ss/w:ö%41 d';

const programs = await ensurePostgresClient();
const database = await createTestDatabase();
const folder = mkdtempSync(join(tmpdir(), 'meldesync-backup-'));
const role = `backup_${process.pid}`;
afterAll(async () => {
  await database.sql(`drop owned by ${role}`);
  await database.sql(`drop role ${role}`);
  await database[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

function addressAs(username: string, password: string): string {
  const url = new URL(database.ownerUrl);
  url.username = username;
  url.password = encodeURIComponent(password);
  return url.href;
}

/** What everybody on the machine can read of its programs. */
function allArguments(): string {
  const read = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      // It has ended meanwhile.
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(read)
    .join('\n');
}

/** Runs a script of `deploy/backup`. */
function start(name: string, args: readonly string[], environment: Readonly<Record<string, string>>) {
  const child = spawn(fileURLToPath(new URL(`../${name}.sh`, import.meta.url)), [...args], {
    env: { PATH: `${programs}:${process.env['PATH'] ?? ''}`, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = Promise.all([once(child, 'exit'), text(child.stderr), text(child.stdout)]);
  return ended.then(([[code], said]) => ({ code: code as number, said }));
}

it('a dump is its maker’s alone, and nobody on the machine reads the password while it is made', async () => {
  await database.sql(`create role ${role} superuser login password '${PASSWORD}'`);
  const file = join(folder, 'backup.dump');
  await using holder = await openTransaction(database.ownerUrl);
  // It waits for what is locked, so that there is time to look.
  await holder.query('lock table records in access exclusive mode');
  const ended = start('dump', [file], { OWNER_URL: addressAs(role, PASSWORD) });
  await eventually(async () => {
    const [row] = await database.sql(
      `select count(*)::int as waiting from pg_stat_activity where usename = '${role}' and wait_event_type = 'Lock'`,
    );
    expect(row).toEqual({ waiting: 1 });
  });
  const seen = allArguments();
  await holder.rollback();
  expect(await ended).toMatchObject({ code: 0 });
  expect(seen).toContain('pg_dump');
  expect(seen).not.toContain(PASSWORD);
  expect(seen).not.toContain(encodeURIComponent(PASSWORD));
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('a wrong password is refused, so that the right one was read out of the address', async () => {
  const ended = await start('dump', [join(folder, 'other.dump')], { OWNER_URL: addressAs(role, `${PASSWORD}x`) });
  expect(ended.code).not.toBe(0);
  expect(ended.said).toContain('password authentication failed');
});

it.each(['host=127.0.0.1 password=x', 'postgresql://127.0.0.1/x?user=a&password=x'])(
  '%s is refused',
  async (address) => {
    expect(await start('dump', [join(folder, 'other.dump')], { OWNER_URL: address })).toMatchObject({ code: 78 });
  },
);
