import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectDatabase, makeSetUpLink, SYSTEM } from '@meldesync/db';
import type { AdministeredMember, AdministeredWorkspace, AdministrationEvent, Role } from '@meldesync/protocol';
import { type Cluster, eventually, startCluster } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../src/app.ts';
import { useTemporaryFolders } from './temporary-folders.ts';
import { createTestTerminal } from './test-terminal.ts';

const makeFolder = useTemporaryFolders();

const PASSWORD = 'viele-gelbe-Fahrraeder-7';
const OTHER_PASSWORD = 'drei-gruene-Schubladen-5';

let cluster: Cluster;
let setUpUrl: string;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false });
  // The workspace that a test cluster has from the start.
  await cluster.sql('delete from workspaces');
  await using database = connectDatabase({
    url: cluster.database.authUrl,
    maxConnections: 1,
    applicationName: 'test-set-up',
    onConnectionError: () => undefined,
  });
  // What `npm start` prints.
  const link = await makeSetUpLink(database, SYSTEM);
  setUpUrl = `${cluster.url()}/set-up#${link?.secret}`;
});

afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

interface Call {
  readonly input?: string;
  readonly answers?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Somebody's own machine, on which they type commands. */
async function sitDown() {
  const home = await makeFolder();
  const attempt = async (args: readonly string[], { env = {}, ...call }: Call = {}) => {
    const terminal = createTestTerminal(args, { env: { XDG_CONFIG_HOME: home, ...env }, ...call });
    const exitCode = await runCli(terminal);
    return { exitCode, out: terminal.out(), err: terminal.err() };
  };
  const run = async (args: readonly string[], call: Call = {}) => {
    const ended = await attempt(args, call);
    expect(ended, `${args.join(' ')}\n${ended.err}`).toMatchObject({ exitCode: 0 });
    return ended;
  };
  const json = async <Answer>(args: readonly string[], call: Call = {}): Promise<Answer> =>
    JSON.parse((await run([...args, '--json'], call)).out) as Answer;
  return { home, attempt, run, json };
}

type Desk = Awaited<ReturnType<typeof sitDown>>;

const linkIn = (text: string): string => /http:\/\/\S+#\S+/.exec(text)?.[0] ?? '';

describe('a newcomer with the terminal alone', { timeout: 120_000 }, () => {
  let admin: Desk;

  it('sets the installation up with the link of the first start', async () => {
    admin = await sitDown();
    const cutOff = await admin.attempt(['admin', 'bootstrap'], { input: `${cluster.url()}/set-up\n` });
    expect(cutOff.exitCode).toBe(64);
    const made = await admin.run(['admin', 'bootstrap'], {
      answers: [setUpUrl, 'it@test.example', 'Ina Thal', 'Humangenetik', PASSWORD, PASSWORD],
    });
    expect(made.out).toContain(`Angemeldet als Ina Thal (it@test.example) an ${cluster.url()}.`);
    expect(made.err).not.toContain(setUpUrl.split('#')[1]);
    const again = await admin.attempt(
      ['admin', 'bootstrap', '--email', 'x@test.example', '--name', 'X', '--workspace', 'Y', '--password-stdin'],
      { input: `${setUpUrl}\n${PASSWORD}\n` },
    );
    expect(again).toMatchObject({ exitCode: 1, err: expect.stringContaining('schon eingerichtet') });
  });

  it('makes a second workspace, and tells both apart by name', async () => {
    await admin.run(['admin', 'workspaces', 'create', 'Onkologie']);
    const { workspaces } = await admin.json<{ workspaces: AdministeredWorkspace[] }>(['admin', 'workspaces']);
    expect(workspaces.map(({ name }) => name).toSorted()).toEqual(['Humangenetik', 'Onkologie']);
    const taken = await admin.attempt(['admin', 'workspaces', 'create', 'Onkologie']);
    expect(taken).toMatchObject({ exitCode: 1, err: 'Einen Arbeitsbereich mit diesem Namen gibt es schon.\n' });
    await admin.run(['admin', 'workspaces', 'rename', 'onkologie', 'Onkologie Süd']);
  });

  const team: { desk: Desk; name: string; email: string; role: Role; workspace: string }[] = [];

  it('invites six people in all roles, who join by their links', async () => {
    const wanted: [string, Role, string][] = [
      ['Vera Lesen', 'viewer', 'Humangenetik'],
      ['Emil Team', 'editor', 'Humangenetik'],
      ['Adele Leitung', 'admin', 'Humangenetik'],
      ['Ruth Revision', 'auditor', 'Humangenetik'],
      ['Otto Süd', 'editor', 'Onkologie Süd'],
      ['Olga Süd', 'admin', 'Onkologie Süd'],
    ];
    for (const [index, [name, role, workspace]] of wanted.entries()) {
      const email = `person${index}@klinik.example`;
      const args = ['admin', 'invite', email, '--role', role, '--name', name, '--workspace', workspace];
      const { out } = await admin.run(args);
      expect(out).toContain('Guten Tag');
      const desk = await sitDown();
      const joined = await desk.run(['join', '--password-stdin'], { input: `${linkIn(out)}\n${PASSWORD}\n` });
      expect(joined.out).toContain(`Angemeldet als ${name} (${email})`);
      expect(await desk.json(['whoami'])).toMatchObject({ workspace: { name: workspace, role } });
      team.push({ desk, name, email, role, workspace });
      const again = await desk.attempt(['join', '--password-stdin'], { input: `${linkIn(out)}\n${PASSWORD}\n` });
      expect(again.err).toContain('Dieser Link wurde schon benutzt.');
    }
  });

  it('invites many from a file, with an outcome each', async () => {
    const path = join(await makeFolder(), 'team.csv');
    await writeFile(path, 'email;name;rolle;bis\nneu@klinik.example;Nils Neu;lesen;\nkein-mail;Karl;lesen;\n');
    const { exitCode, out } = await admin.attempt(['admin', 'invite', '--csv', path, '--workspace', 'Humangenetik']);
    expect(exitCode).toBe(2);
    expect(out).toMatch(/2 +neu@klinik\.example +eingeladen +http/);
    expect(out).toMatch(/3 +kein-mail +abgelehnt +Das ist keine E-Mail-Adresse\./);
    const at = ['--workspace', 'Humangenetik'];
    const renewed = await admin.run(['admin', 'invitations', 'renew', 'neu@klinik.example', ...at]);
    expect(linkIn(renewed.out)).not.toBe('');
    await admin.run(['admin', 'invitations', 'revoke', 'neu@klinik.example', '--yes', ...at]);
    expect((await admin.run(['admin', 'invitations', ...at])).out).toMatch(/neu@klinik\.example.*zurückgezogen/);
  });

  it('suspends one, removes another, and asks before what cannot be undone', async () => {
    const [viewer, , , auditor] = team;
    const at = ['--workspace', 'Humangenetik'];
    const suspended = await admin.json<AdministeredMember>(['admin', 'members', 'suspend', 'Vera Lesen', ...at]);
    expect(suspended.suspendedAt).not.toBeNull();
    await eventually(async () => expect((await viewer?.desk.attempt(['list']))?.exitCode).not.toBe(0));

    const remove = ['admin', 'members', 'remove', auditor?.email ?? '', ...at];
    expect(await admin.attempt(remove)).toMatchObject({ exitCode: 64 });
    expect(await admin.attempt(remove, { answers: ['nein'] })).toMatchObject({ exitCode: 130 });
    await admin.run(remove, { answers: ['ja'] });
    await eventually(async () => expect((await auditor?.desk.attempt(['list']))?.exitCode).not.toBe(0));

    const { members } = await admin.json<{ members: AdministeredMember[] }>(['admin', 'members', ...at]);
    expect(members.map(({ name }) => name)).not.toContain(auditor?.name);
    expect((await admin.run(['admin', 'members', ...at])).out).toMatch(/Vera Lesen.*Lesen.*ausgesetzt/);
    await admin.run(['admin', 'members', 'resume', 'Vera Lesen', ...at]);
    await admin.run(['admin', 'members', 'role', 'Emil Team', 'viewer', ...at]);
    await admin.run(['admin', 'members', 'until', 'Emil Team', '30d', ...at]);
    expect((await admin.attempt(['admin', 'members', 'suspend', 'Niemand', ...at])).err).toBe(
      'Niemand gibt es hier nicht.\n',
    );
  });

  it('resets a password by a link, with which its person comes back', async () => {
    const editor = team[4];
    const { out } = await admin.run(['admin', 'accounts', 'reset', editor?.email ?? '']);
    const desk = await sitDown();
    await desk.run(['new-password', '--password-stdin'], { input: `${linkIn(out)}\n${OTHER_PASSWORD}\n` });
    expect((await editor?.desk.attempt(['whoami']))?.exitCode).toBe(4);
    await desk.run(['login', cluster.url(), '--email', editor?.email ?? '', '--password-stdin'], {
      input: `${OTHER_PASSWORD}\n`,
    });
  });

  it('gives a program a token that does what it may and no more', async () => {
    const at = ['--workspace', 'Humangenetik'];
    await admin.run(['admin', 'services', 'create', 'Export', '--role', 'editor', ...at]);
    const make = ['admin', 'services', 'token', 'Export', '--label', 'nachts', '--role', 'viewer', '--until', '30d'];
    const { out } = await admin.run([...make, ...at]);
    const token = out.trim();
    expect(token).toMatch(/^\S+$/);
    const program = await sitDown();
    const env = { MELDESYNC_SERVER: cluster.url(), MELDESYNC_TOKEN: token };
    await program.run(['list'], { env });
    const tokenFile = join(await makeFolder(), 'token');
    await writeFile(tokenFile, out);
    await program.run(['list', '--server', cluster.url(), '--token-file', tokenFile]);
    expect(await program.json(['whoami'], { env })).toMatchObject({ token: 'environment' });
    expect((await program.attempt(['admin', 'workspaces', 'create', 'X'], { env })).exitCode).not.toBe(0);
    expect((await admin.run(['admin', 'services', ...at])).out).toMatch(/nachts +Lesen/);
    await admin.run(['admin', 'services', 'revoke', 'Export', 'nachts', '--yes', ...at]);
    await eventually(async () => expect((await program.attempt(['list'], { env })).exitCode).toBe(4));
    const anew = [(await admin.run([...make, ...at])).out.trim(), (await admin.run([...make, ...at])).out.trim()];
    const revokeAll = ['admin', 'services', 'revoke-all', 'Export', ...at];
    const { out: said, err } = await admin.run(revokeAll, { answers: ['ja'] });
    expect([said, err]).toEqual([
      'Export: 2 Tokens gelten nicht mehr.\n',
      expect.stringContaining('Alle Tokens von Export zurückziehen (2)'),
    ]);
    for (const MELDESYNC_TOKEN of anew)
      await eventually(async () =>
        expect((await program.attempt(['list'], { env: { ...env, MELDESYNC_TOKEN } })).exitCode).toBe(4),
      );
  });

  it('finds all of it on record', async () => {
    const { out } = await admin.run(['admin', 'events', '--installation', '--json', '--limit', '1000']);
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as AdministrationEvent);
    expect(events.length).toBeGreaterThan(20);
    expect(out).not.toContain(PASSWORD);
    const table = await admin.run(['admin', 'events', '--workspace', 'Humangenetik']);
    expect(table.out).toMatch(/Ina Thal +Eingeladen +person0@klinik\.example.*Rolle: Lesen/);
    expect(table.out).toMatch(/Ina Thal +Mitglied ausgesetzt +Vera Lesen.*Ausgesetzt: nein → ja/);
    const all = await admin.run(['admin', 'events', '--installation', '--limit', '1000']);
    expect(all.out).toMatch(/Ina Thal +Sitzung begonnen +Ina Thal .*Sitzung: Terminal/);
    for (const { out: told } of [table, all]) {
      const raw = events.flatMap(({ kind, subject }) => (subject === null ? [kind] : [kind, subject]));
      expect(raw.filter((code) => told.includes(code))).toEqual([]);
      expect(told).not.toMatch(/\b(is[A-Z]\w+|expiresAt|maxRole|because)\b/);
    }
  });

  it('is asked for the password again when that was long ago, and goes on', async () => {
    await cluster.sql(`update auth.session set authenticated_at = now() - interval '2 days'`);
    const create = ['admin', 'accounts', 'create', '--email', 'neu@klinik.example', '--name', 'Nils Neu'];
    expect((await admin.attempt(create)).exitCode).toBe(4);
    const { out, err } = await admin.run(create, { answers: ['wrong-password-1', PASSWORD] });
    expect(err).toContain('noch einmal nach Ihrem Passwort');
    expect(linkIn(out)).toContain('/new-password#');
    await admin.run(['admin', 'accounts', 'rename', 'neu@klinik.example', 'Nina Neu']);
    await admin.run(['admin', 'accounts', 'disable', 'Nina Neu', '--yes']);
    expect((await admin.run(['admin', 'accounts'])).out).toMatch(/Nina Neu.*gesperrt/);
    await admin.run(['admin', 'accounts', 'create', '--email', 'nina@klinik.example', '--name', 'Nina Doppelt']);
    await admin.run(['admin', 'accounts', 'unlink', 'Nina Doppelt', '--yes']);
    const merge = ['admin', 'accounts', 'merge', 'Nina Doppelt', '--into', 'neu@klinik.example'];
    expect((await admin.attempt(['admin', 'accounts', 'merge', 'Nina Doppelt', '--yes'])).exitCode).toBe(64);
    const same = await admin.attempt([
      'admin',
      'accounts',
      'merge',
      'Nina Neu',
      '--into',
      'neu@klinik.example',
      '--yes',
    ]);
    expect(same).toMatchObject({
      exitCode: 64,
      err: expect.stringContaining('zweimal dasselbe Konto: neu@klinik.example'),
    });
    // Nobody can be asked; somebody does not mean it; somebody does.
    expect((await admin.attempt(merge)).exitCode).toBe(64);
    expect((await admin.attempt(merge, { answers: ['nein'] })).exitCode).toBe(130);
    expect((await admin.run(['admin', 'accounts'])).out).toContain('Nina Doppelt');
    const merged = await admin.run(merge, { answers: ['ja'] });
    expect(merged.err).toContain(
      'Das Konto nina@klinik.example in das Konto neu@klinik.example aufgehen lassen und löschen',
    );
    expect(merged.out).toContain('neu@klinik.example');
    expect((await admin.run(['admin', 'accounts'])).out).not.toContain('Nina Doppelt');
    await admin.run(['admin', 'accounts', 'delete', 'Nina Neu', '--yes']);
    const own = await admin.attempt(['admin', 'accounts', 'disable', 'it@test.example', '--yes']);
    expect(own).toMatchObject({ exitCode: 1 });
  });

  it('lists where one is signed in, and ends it', async () => {
    const other = await sitDown();
    await other.run(['login', cluster.url(), '--email', 'it@test.example', '--password-stdin'], {
      input: `${PASSWORD}\n`,
    });
    const { sessions } = await admin.json<{ sessions: { id: string; isCurrent: boolean }[] }>(['sessions']);
    expect(sessions.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
    expect((await admin.run(['sessions'])).out).toMatch(/^\* /m);
    expect((await admin.attempt(['sessions', 'end'])).exitCode).toBe(64);
    await admin.run(['sessions', 'end', '--others', '--yes']);
    expect((await other.attempt(['whoami'])).exitCode).toBe(4);
    await admin.run(['sessions', 'end', '--all', '--yes']);
    expect((await admin.attempt(['whoami'])).exitCode).toBe(4);
  });
});
