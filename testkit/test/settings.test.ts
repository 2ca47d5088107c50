import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

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
    ['seed-demo', { ...DATABASE, AUTH_SECRET: 's'.repeat(32) }, 'setting BASE_URL: is missing\n'],
  ])('%s says which one in a line each, and ends with status 78', async (name, settings, output) => {
    expect(await run(name, settings)).toEqual({ status: 78, output });
  });
});
