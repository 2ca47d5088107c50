import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensurePythonTool, sampleCsv, startCluster } from '@meldesync/testkit';
import openapiTS, { astToString } from 'openapi-typescript';
import { afterAll, expect, it } from 'vitest';

const run = promisify(execFile);
const CLIENTS = fileURLToPath(new URL('../generated-clients/', import.meta.url));
/** Where Node.js finds the packages that a generated client stands on. */
const MODULES = fileURLToPath(new URL('../../../node_modules/', import.meta.url));
const TYPESCRIPT = join(dirname(createRequire(import.meta.url).resolve('@typescript/native/package.json')), 'bin/tsc');

const cluster = await startCluster({ nodes: 1 });
afterAll(() => cluster[Symbol.asyncDispose]());
const { workspace } = cluster;
await cluster.addRecords(10, { first: 1 });
const document = await (await fetch(`${cluster.url()}/api/openapi.json`)).text();
const folder = await mkdtemp(join(MODULES, '.generated-clients-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a day's work is given: two people, ten records, and a file with three more. */
async function dayOf(language: string, first: number): Promise<NodeJS.ProcessEnv> {
  const people = ['Anna', 'Ben'].map((name) => cluster.addPerson(`${name} ${language}`, { workspace, role: 'editor' }));
  const [user, colleague] = (await Promise.all(people)).map(({ email, password }) => `${email} ${password}`);
  return {
    ...process.env,
    MELDESYNC_URL: cluster.url(),
    MELDESYNC_USER: user,
    MELDESYNC_COLLEAGUE: colleague,
    MELDESYNC_FILE: sampleCsv(3, first),
  };
}

/** The generator knows no CSV: it is sent as the bytes that it is. */
const PYTHON_OPTIONS = {
  package_name_override: 'meldesync_client',
  post_hooks: [],
  content_type_overrides: { 'text/csv': 'application/octet-stream' },
};

const COMPILER_OPTIONS = {
  allowJs: true,
  checkJs: true,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: 'es2023',
  module: 'nodenext',
  types: ['node'],
};

it('a client of openapi-typescript and openapi-fetch does a day’s work, and its types are right', async () => {
  await writeFile(join(folder, 'api.d.ts'), astToString(await openapiTS(document)));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ['*'] }));
  await copyFile(join(CLIENTS, 'day.mjs'), join(folder, 'day.mjs'));
  const checked = await run(process.execPath, [TYPESCRIPT, '-p', folder]).catch((error: { stdout: string }) => error);
  expect(checked.stdout).toBe('');
  const { stdout } = await run(process.execPath, [join(folder, 'day.mjs')], { env: await dayOf('TypeScript', 500) });
  expect(JSON.parse(stdout)).toEqual({ records: 10, status: 'finished' });
});

it('a client of openapi-python-client does a day’s work', async () => {
  const generator = await ensurePythonTool('openapi-python-client');
  const described = join(folder, 'openapi.json');
  const config = join(folder, 'config.json');
  await writeFile(described, document);
  await writeFile(config, JSON.stringify(PYTHON_OPTIONS));
  const made = await run(generator, [
    'generate',
    '--path',
    described,
    '--config',
    config,
    '--meta',
    'none',
    '--fail-on-warning',
    '--output-path',
    join(folder, 'meldesync_client'),
  ]).catch((error: { stdout: string; stderr: string }) => error);
  expect(made).not.toHaveProperty('code');
  const records = Number((await cluster.sql('select count(*)::int as count from records'))[0]?.['count']);
  const env = { ...(await dayOf('Python', 600)), PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' };
  const { stdout } = await run(join(dirname(generator), 'python'), [join(CLIENTS, 'day.py')], { env });
  expect(JSON.parse(stdout)).toEqual({ records, status: 'finished' });
});
