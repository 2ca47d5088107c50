import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Cluster, startCluster, type TestPerson } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

const SIGN_IN = ['--email', 'me@test.example', '--password-stdin'] as const;

let cluster: Cluster;
let person: TestPerson;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false });
  person = await cluster.addPerson('Person Eins', { workspace: cluster.workspace, role: 'viewer' });
  await cluster.addRecords(500);
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

async function start(...args: string[]) {
  const process = spawn(globalThis.process.execPath, ['--import', TSX, MAIN, ...args], {
    env: {
      PATH: globalThis.process.env['PATH'],
      XDG_CONFIG_HOME: await mkdtemp(join(tmpdir(), 'meldesync-cli-')),
      MELDESYNC_SERVER: cluster.url(),
      MELDESYNC_TOKEN: person.token,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(process, 'close') as Promise<[number | null, string | null]>;
  return { process, ended };
}

describe('the program', () => {
  it('ends quietly when the reader of its output goes away (EPIPE)', async () => {
    const { process, ended } = await start('list', '--json');
    const errors = text(process.stderr);
    process.stdout.once('data', () => process.stdout.destroy());
    expect(await ended).toEqual([0, null]);
    expect(await errors).toBe('');
  });

  it('ends a watch with 0 on Ctrl-C', async () => {
    const { process, ended } = await start('watch');
    for await (const chunk of process.stderr) {
      if (String(chunk).includes('Live.')) break;
    }
    process.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  });

  it('ends other work with 130 on Ctrl-C', async () => {
    const { process, ended } = await start('login', 'http://meldesync.example.org', ...SIGN_IN);
    // It warns of the plain connection, then waits for a password that does not come.
    await once(process.stderr, 'data');
    process.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
  });

  it('writes the whole of a long output into a pipe before it ends', async () => {
    const { process, ended } = await start('list', '--json');
    const out = await text(process.stdout);
    expect(await ended).toEqual([0, null]);
    const { cases } = JSON.parse(out) as { cases: unknown[] };
    expect(cases).toHaveLength(500);
  });
});
