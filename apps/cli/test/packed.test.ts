import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Cluster, startCluster, type TestPerson } from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { VERSION } from '../src/version.ts';
import { useTemporaryFolders } from './temporary-folders.ts';

const makeFolder = useTemporaryFolders();
const run = promisify(execFile);

const PACK = fileURLToPath(new URL('../../../scripts/pack-cli.mjs', import.meta.url));
/** A bundle is made, packed and installed. */
const PATIENCE_MS = 120_000;

let cluster: Cluster;
let person: TestPerson;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false });
  person = await cluster.addPerson('Person Eins', { workspace: cluster.workspace, role: 'editor' });
  await cluster.addRecords(1, { first: 1, caseId: 'P-1', artDerDaten: 'G' });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

it(
  'is an archive that npm installs into an empty folder without a network, and that runs there',
  async () => {
    const [packed, folder, home] = await Promise.all([makeFolder(), makeFolder(), makeFolder()]);
    await run(process.execPath, [PACK, packed]);
    const [archive = ''] = await readdir(packed);
    expect(archive).toBe(`meldesync-${VERSION}.tgz`);
    await writeFile(join(folder, 'package.json'), '{ "private": true }');
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(packed, archive)], { cwd: folder });

    const program = join(folder, 'node_modules/.bin/meldesync');
    const env = {
      PATH: process.env['PATH'],
      XDG_CONFIG_HOME: home,
      MELDESYNC_SERVER: cluster.url(),
      MELDESYNC_TOKEN: person.token,
    };
    const call = async (...args: string[]) => (await run(program, args, { env, cwd: folder })).stdout;
    expect((await call('--version')).trim()).toBe(VERSION);
    expect(await call('show', 'p-1')).toContain('Fall P-1 · nur genomisch');
    expect(await call('edit', 'P-1', '--note', 'gepackt')).toContain('übernommen, jetzt Version 2.');
    expect(JSON.parse(await call('list', '--json'))).toMatchObject({ cases: [{ records: [{ note: 'gepackt' }] }] });
    expect(await call('lock', 'P-1', '--', 'echo', 'gehalten')).toBe('gehalten\n');
    // Its lazy parts are in the archive too.
    expect(await call('doctor', '--json').catch((error: { stdout: string }) => error.stdout)).toContain('"findings"');
  },
  PATIENCE_MS,
);
