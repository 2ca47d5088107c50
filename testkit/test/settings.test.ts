import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createTestDatabase, startTestRedis } from '../src/index.ts';

const program = (name: string) => fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));

/** Runs a built program with these settings alone, until it ends. */
function run(name: string, settings: Record<string, string>): Promise<{ status: unknown; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program(name)], { env: settings }, (error, stdout, stderr) => {
      resolve({ status: error?.code ?? 0, output: stdout + stderr });
    });
  });
}

const DATABASE = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
const PROCESS = { ...DATABASE, REDIS_URL: 'redis://127.0.0.1:1' };
const NODE = { ...PROCESS, AUTH_SECRET: 's'.repeat(32), BASE_URL: 'http://127.0.0.1:1' };

describe.concurrent('a program with a setting that is missing or wrong', () => {
  it.each<[string, Record<string, string>, string]>([
    ['sync-node', { ...NODE, PORT: 'http' }, 'setting PORT: must be a port, a whole number from 0 to 65535\n'],
    ['sync-node', PROCESS, 'setting BASE_URL: is missing\nsetting AUTH_SECRET: is missing\n'],
    ['relay', { ...PROCESS, HOLD_BACK_MS: '0' }, 'setting HOLD_BACK_MS: must be a whole number from 1000 (ms)\n'],
    [
      'worker',
      { ...PROCESS, IMPORT_CONCURRENCY: '33' },
      'setting IMPORT_CONCURRENCY: must be a whole number from 1 to 32\n',
    ],
    ['migrate', DATABASE, 'setting APP_DB_PASSWORD: is missing\n'],
    [
      'migrate',
      { ...DATABASE, APP_DB_PASSWORD: 'a', MIGRATIONS_DIR: '/no/such/folder' },
      'setting MIGRATIONS_DIR: must be a folder of migrations that can be read (ENOENT)\n',
    ],
    [
      'sync-node',
      { ...NODE, AUTH_SECRET: '', AUTH_SECRET_FILE: '/no/such/file' },
      'setting AUTH_SECRET_FILE: the file /no/such/file cannot be read (ENOENT)\n',
    ],
    [
      'relay',
      { ...PROCESS, DATABASE_URL: 'postgres://' },
      'setting DATABASE_URL: must be an address such as postgres://user:password@host:5432/database, where a % in a password is written %25\n',
    ],
    ['seed-demo', {}, 'setting DATABASE_URL: is missing\n'],
    ['set-up', DATABASE, 'setting BASE_URL: is missing\n'],
  ])('%s says which one in a line each, and ends with status 78', async (name, settings, output) => {
    expect(await run(name, settings)).toEqual({ status: 78, output });
  });
});

describe('a program that cannot listen or read where it is told to', () => {
  it('says which setting that is in one line', async () => {
    await using database = await createTestDatabase();
    const taken = createServer();
    await new Promise<void>((resolve) => {
      taken.listen(0, '127.0.0.1', resolve);
    });
    const address = taken.address();
    const port = typeof address === 'object' && address ? `${address.port}` : '';
    await using redis = await startTestRedis();
    const servers = { REDIS_URL: redis.url };
    const node = {
      ...NODE,
      ...servers,
      DATABASE_URL: database.appUrl,
      HOST: '127.0.0.1',
      PORT: '0',
      AUTH_DATABASE_URL: database.authUrl,
    };
    const said = async (name: string, settings: Record<string, string>) => {
      const { status, output } = await run(name, { ...settings, LOG_LEVEL: 'error' });
      const lines = output.trim().split('\n');
      return { status, lines: lines.map((line) => (JSON.parse(line) as { msg: string; err?: unknown }).msg) };
    };
    const inUse = `setting ADMIN_PORT: port ${port} is taken by another program`;
    const worker = { ...PROCESS, ...servers, DATABASE_URL: database.urlAs('worker'), ADMIN_PORT: port };
    const relay = { ...worker, DATABASE_URL: database.ownerUrl, REPLICATION_SLOT: database.slot };
    expect(await said('worker', worker)).toEqual({ status: 1, lines: [inUse] });
    expect(await said('relay', relay)).toEqual({ status: 1, lines: [inUse] });
    expect(await said('sync-node', { ...node, ADMIN_PORT: port })).toEqual({ status: 1, lines: [inUse] });
    expect(await said('sync-node', { ...node, PORT: port })).toEqual({
      status: 1,
      lines: [`setting PORT: port ${port} is taken by another program`],
    });
    expect(await said('sync-node', { ...node, HOST: '203.0.113.7' })).toEqual({
      status: 1,
      lines: ['setting HOST: cannot listen there (EADDRNOTAVAIL); is it an address of this machine?'],
    });
    expect(await said('sync-node', { ...node, WEB_DIR: '/no/such/folder' })).toEqual({
      status: 78,
      lines: ['setting WEB_DIR: must be a folder that can be read (ENOENT)'],
    });
    taken.close();
  });
});
