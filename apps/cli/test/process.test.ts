import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Cluster, eventually, startCluster, type TestPerson } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useTemporaryFolders } from './temporary-folders.ts';

const makeFolder = useTemporaryFolders();

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

const SIGN_IN = ['--email', 'me@test.example', '--password-stdin'] as const;

const CASE = 'P-1';

let cluster: Cluster;
let person: TestPerson;
let admin: TestPerson;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false });
  person = await cluster.addPerson('Person Eins', { workspace: cluster.workspace, role: 'editor' });
  admin = await cluster.addPerson('Person Zwei', { workspace: cluster.workspace, role: 'admin' });
  await cluster.addRecords(500);
  await cluster.addRecords(1, { first: 501, caseId: CASE });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

async function start(...args: string[]) {
  const process = spawn(globalThis.process.execPath, ['--import', TSX, MAIN, ...args], {
    env: {
      PATH: globalThis.process.env['PATH'],
      XDG_CONFIG_HOME: await makeFolder(),
      MELDESYNC_SERVER: cluster.url(),
      MELDESYNC_TOKEN: person.token,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(process, 'close') as Promise<[number | null, string | null]>;
  return { process, ended };
}

describe('the program', () => {
  it('ends a list quietly with 141 when the reader of its output goes away (EPIPE)', async () => {
    const { process, ended } = await start('list', '--json');
    const errors = text(process.stderr);
    process.stdout.once('data', () => process.stdout.destroy());
    expect(await ended).toEqual([141, null]);
    expect(await errors).toBe('');
  });

  it('ends a watch with 141 at the first line that nobody reads', async () => {
    const { process, ended } = await start('watch', '--json');
    process.stdout.destroy();
    expect(await ended).toEqual([141, null]);
  });

  it('holds a lock on when its reader goes away, and gives it back in the end', async () => {
    const { process, ended } = await start('lock', CASE);
    process.stdout.destroy();
    const locks = () => cluster.api(person).locks(cluster.workspace);
    await eventually(async () => expect(await locks()).toHaveLength(1));
    // It has said by now that the lock is held, to nobody.
    await sleep(500);
    expect(process.exitCode).toBeNull();
    process.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(await locks()).toEqual([]);
  });

  it('fails as it would have when nobody reads its errors', async () => {
    const { process, ended } = await start('edit', 'no-such-case', '--done');
    process.stdout.destroy();
    process.stderr.destroy();
    expect(await ended).toEqual([1, null]);
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
    expect(cases).toHaveLength(501);
  });

  it('holds a lock while a command runs, leaves its output alone and takes over its exit code', async () => {
    const { process, ended } = await start('lock', CASE, '--', 'sh', '-c', 'echo "$0 $1"; exit 7', 'said', '--json');
    const [out, errors] = await Promise.all([text(process.stdout), text(process.stderr)]);
    expect(await ended).toEqual([7, null]);
    expect(out).toBe('said --json\n');
    expect(errors).toMatch(/^✓ Fall P-1 ist für Sie gesperrt, solange der Befehl läuft\.\n.* zurückgegeben\.\n$/);
  });

  it('says what a shell says of a command that is not there', async () => {
    const { process, ended } = await start('lock', CASE, '--', 'no-such-command');
    const errors = await text(process.stderr);
    expect(await ended).toEqual([127, null]);
    expect(errors).toContain('Den Befehl no-such-command gibt es nicht.');
  });

  it('passes a signal on to the command, and gives the lock back', async () => {
    const { process, ended } = await start('lock', CASE, '--', 'sh', '-c', 'echo begun; exec sleep 60');
    await once(process.stdout, 'data');
    process.kill('SIGTERM');
    expect(await ended).toEqual([143, null]);
    expect(await cluster.api(person).locks(cluster.workspace)).toEqual([]);
  });

  it('ends the command when the lock is lost', async () => {
    const { process, ended } = await start('lock', CASE, '--', 'sh', '-c', 'echo begun; exec sleep 60');
    const errors = text(process.stderr);
    await once(process.stdout, 'data');
    const [lock] = await cluster.api(person).locks(cluster.workspace);
    await cluster.api(admin).endLock(cluster.workspace, lock?.lock ?? '');
    expect(await ended).toEqual([6, null]);
    expect(await errors).toContain('Person Zwei hat Ihre Sperre von Fall P-1 aufgehoben.');
  });

  it.each(['bash', 'zsh', 'fish'])('prints a script that completes its command line in %s', async (shell) => {
    const { process, ended } = await start('completion', shell);
    const script = await text(process.stdout);
    expect(await ended).toEqual([0, null]);
    expect(script).toContain('meldesync complete --');
    if (shell === 'bash') execFileSync('bash', ['-n'], { input: script });
  });

  it('says to such a script what may come next', async () => {
    const { process, ended } = await start('complete', '--', 'unl');
    expect(await text(process.stdout)).toMatch(/^unlock\t.+\n:\d+\n$/);
    expect(await ended).toEqual([0, null]);
  });

  it('excludes a second run of the same account from a lock, which goes on when the first has ended', async () => {
    const first = await start('lock', CASE, '--', 'sh', '-c', 'echo begun; exec sleep 60');
    await once(first.process.stdout, 'data');
    const refused = await start('lock', CASE, '--', 'true');
    expect(await refused.ended).toEqual([5, null]);
    const second = await start('lock', CASE, '--wait', '--', 'echo', 'second');
    const out = text(second.process.stdout);
    for await (const chunk of second.process.stderr) if (String(chunk).includes('Warte')) break;
    expect(first.process.exitCode).toBeNull();
    first.process.kill('SIGTERM');
    expect(await first.ended).toEqual([143, null]);
    expect(await second.ended).toEqual([0, null]);
    expect(await out).toBe('second\n');
  });
});
