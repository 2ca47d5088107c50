import { chmod, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cluster, callHttp, eventually, startCluster, type TestPerson } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../src/app.ts';
import { useTemporaryFolders } from './temporary-folders.ts';
import { createTestTerminal } from './test-terminal.ts';

const makeFolder = useTemporaryFolders();

let cluster: Cluster;
let anna: TestPerson;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, relay: false, worker: false });
  anna = await cluster.addPerson('Anna Albers', { workspace: cluster.workspace, role: 'editor' });
});

afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

/** Begins a sign-in and resolves as soon as it shows its code. */
async function begin(signal?: AbortSignal) {
  const home = await makeFolder();
  const terminal = createTestTerminal(['login', cluster.url()], {
    env: { XDG_CONFIG_HOME: home },
    ...(signal ? { signal } : {}),
  });
  const ended = runCli(terminal);
  await eventually(async () => expect(terminal.err()).toContain('Warte auf Ihre Bestätigung'));
  const code = /^ {2}([A-Z]{4}-[A-Z]{4})$/m.exec(terminal.err())?.[1] ?? '';
  return { home, terminal, ended, code };
}

/** What a signed-in browser sends when its person has decided. */
async function decide(act: 'allow' | 'deny', code: string): Promise<void> {
  const { name, value } = await cluster.openSession(anna);
  const answer = await callHttp(cluster, `/api/v1/device-sign-ins/${act}`, {
    method: 'POST',
    headers: { origin: cluster.url(), cookie: `${name}=${value}` },
    json: { code },
  });
  expect(answer.status).toBe(204);
}

describe('meldesync login', { timeout: 40_000 }, () => {
  it('shows a code, and signs in as who confirms it in the browser', async () => {
    const { home, terminal, ended, code } = await begin();
    expect(terminal.err()).toContain(`  ${cluster.url()}/device\n`);
    expect(terminal.err()).toContain(`${cluster.url()}/device#${code}`);
    await decide('allow', code);
    expect(await ended).toBe(0);
    expect(terminal.out()).toBe(
      `Angemeldet als Anna Albers (${anna.email}) an ${cluster.url()}.\nArbeitsbereich: Testklinik (Bearbeiten).\n`,
    );

    const credentials = join(home, 'meldesync', 'credentials.json');
    expect((await stat(credentials)).mode & 0o777).toBe(0o600);
    const whoami = createTestTerminal(['whoami', '--json'], { env: { XDG_CONFIG_HOME: home } });
    expect(await runCli(whoami)).toBe(0);
    expect(JSON.parse(whoami.out())).toMatchObject({ user: { id: anna.id }, token: 'file' });
    const [session] = await cluster.sql(`select user_agent from auth.session where kind = 'terminal'`);
    expect(session?.['user_agent']).toMatch(/^meldesync\/\d/);

    await chmod(credentials, 0o644);
    const exposed = createTestTerminal(['whoami'], { env: { XDG_CONFIG_HOME: home } });
    expect(await runCli(exposed)).toBe(1);
    expect(exposed.err()).toContain(`chmod 600 ${credentials}`);

    await chmod(credentials, 0o600);
    expect(await runCli(createTestTerminal(['logout'], { env: { XDG_CONFIG_HOME: home } }))).toBe(0);
    expect(await readFile(credentials, 'utf8')).toBe('{}\n');
    expect(await cluster.sql(`select from auth.session where kind = 'terminal'`)).toEqual([]);
  });

  it('ends with 4 when it was denied in the browser', async () => {
    const { terminal, ended, code } = await begin();
    await decide('deny', code);
    expect(await ended).toBe(4);
    expect(terminal.err()).toContain('Die Anmeldung wurde im Browser abgelehnt.');
    expect(terminal.out()).toBe('');
  });

  it('ends with 4 when the code has expired', async () => {
    const { terminal, ended } = await begin();
    await cluster.sql(`update auth.device_code set expires_at = now() - interval '1 second'`);
    expect(await ended).toBe(4);
    expect(terminal.err()).toContain('Der Code ist abgelaufen.');
  });

  it('waits longer when the server asks it to slow down', async () => {
    const { ended, code } = await begin();
    // As if another call had polled just now.
    await cluster.sql(`update auth.device_code set last_polled_at = now() + interval '3 seconds'`);
    await decide('allow', code);
    const begun = Date.now();
    expect(await ended).toBe(0);
    expect(Date.now() - begun).toBeGreaterThan(12_000);
  });

  it('ends with 130 on Ctrl-C', async () => {
    const ending = new AbortController();
    const { ended } = await begin(ending.signal);
    ending.abort('SIGINT');
    expect(await ended).toBe(130);
  });
});
