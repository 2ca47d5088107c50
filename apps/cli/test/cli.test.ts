import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Cluster,
  eventually,
  openTransaction,
  sampleCsv,
  startCluster,
  type TestPerson,
} from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../src/app.ts';
import { useTemporaryFolders } from './temporary-folders.ts';
import { createTestTerminal } from './test-terminal.ts';

const makeFolder = useTemporaryFolders();

const FIXTURES = fileURLToPath(new URL('../../../packages/domain/fixtures', import.meta.url));

let cluster: Cluster;
let editor: TestPerson;
let viewer: TestPerson;

beforeAll(async () => {
  cluster = await startCluster();
  const { workspace } = cluster;
  editor = await cluster.addPerson('Person Eins', { workspace, role: 'editor' });
  viewer = await cluster.addPerson('Person Zwei', { workspace, role: 'viewer' });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

/** Runs a command line with settings of its own. */
async function run(args: readonly string[], { env = {}, input }: { env?: NodeJS.ProcessEnv; input?: string } = {}) {
  const home = env['XDG_CONFIG_HOME'] ?? (await makeFolder());
  const terminal = createTestTerminal(args, {
    env: { XDG_CONFIG_HOME: home, ...env },
    ...(input === undefined ? {} : { input }),
  });
  const exitCode = await runCli(terminal);
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

function as(person: TestPerson): { env: NodeJS.ProcessEnv } {
  return { env: { MELDESYNC_SERVER: cluster.url(), MELDESYNC_TOKEN: person.token } };
}

async function temporaryFile(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await makeFolder(), name);
  await writeFile(path, content);
  return path;
}

interface ListedCase {
  readonly caseId: string | null;
  readonly records: ReadonlyArray<{ id: number; version: number; vorgangsnummer: string; done: boolean }>;
}

async function list(...args: string[]): Promise<ListedCase[]> {
  const { out } = await run(['list', '--json', ...args], as(editor));
  return (JSON.parse(out) as { cases: ListedCase[] }).cases;
}

/** A case with a genomic and a clinical record of its own. */
async function addCase(caseId: string, first: number): Promise<{ genomic: number; clinical: number }> {
  const [genomic = 0] = await cluster.addRecords(1, { first, caseId, artDerDaten: 'G' });
  const [clinical = 0] = await cluster.addRecords(1, { first: first + 1, caseId, artDerDaten: 'C' });
  // Written past the application, they reach it with the feed.
  await eventually(async () => expect(await list('--text', caseId)).toHaveLength(1));
  return { genomic, clinical };
}

describe('a sign-in', () => {
  it('is kept until the logout, readable by its owner alone', async () => {
    const home = await makeFolder();
    const env = { XDG_CONFIG_HOME: home };
    const login = await run(['login', cluster.url(), '--email', editor.email, '--password-stdin'], {
      env,
      input: `${editor.password}\n`,
    });
    expect(login).toMatchObject({ exitCode: 0, err: '' });
    expect(login.out).toContain(`Angemeldet als Person Eins (${editor.email}) an ${cluster.url()}.`);
    expect(login.out).toContain('Arbeitsbereich: Testklinik (Bearbeiten).');

    const whoami = await run(['whoami', '--json'], { env });
    expect(JSON.parse(whoami.out)).toMatchObject({
      server: cluster.url(),
      user: { email: editor.email },
      workspace: { name: 'Testklinik', role: 'editor' },
    });

    const credentials = join(home, 'meldesync', 'credentials.json');
    const { [cluster.url()]: token } = JSON.parse(await readFile(credentials, 'utf8')) as Record<string, string>;
    expect((await run(['whoami'], { env })).out).toContain(credentials);
    expect(await run(['logout'], { env })).toMatchObject({ exitCode: 0, out: `Abgemeldet von ${cluster.url()}.\n` });
    expect(await readFile(credentials, 'utf8')).toBe('{}\n');
    const afterwards = await run(['whoami'], {
      env: { MELDESYNC_SERVER: cluster.url(), MELDESYNC_TOKEN: token ?? '' },
    });
    expect(afterwards.exitCode).toBe(4);
  });

  it('with a wrong password is refused', async () => {
    const env = { MELDESYNC_PASSWORD: 'not-the-password' };
    expect(await run(['login', cluster.url(), '--email', editor.email], { env })).toEqual({
      exitCode: 4,
      out: '',
      err: 'E-Mail-Adresse oder Passwort ist falsch.\n',
    });
  });

  it('that is none is refused', async () => {
    const { exitCode, err } = await run(['list'], {
      env: { MELDESYNC_SERVER: cluster.url(), MELDESYNC_TOKEN: 'unknown' },
    });
    expect(exitCode).toBe(4);
    expect(err).toContain('nicht angemeldet');
  });

  it('lists the workspaces and remembers the one chosen', async () => {
    const other = await cluster.addWorkspace('Onkologie');
    const person = await cluster.addPerson('Person Drei', { workspace: other, role: 'viewer' });
    const home = await makeFolder();
    const env = { ...as(person).env, XDG_CONFIG_HOME: home };
    const listed = await run(['workspaces', '--json'], { env });
    expect(JSON.parse(listed.out)).toEqual([{ id: other, name: 'Onkologie', role: 'viewer', chosen: true }]);
    expect(await run(['workspaces', '--use', 'onkologie'], { env })).toMatchObject({ exitCode: 0 });
    const settings = await readFile(join(home, 'meldesync', 'config.json'), 'utf8');
    expect(JSON.parse(settings)).toEqual({
      server: cluster.url(),
      servers: { [cluster.url()]: { workspace: other } },
    });
    const unknown = await run(['list', '--workspace', 'Testklinik'], { env });
    expect(unknown.exitCode).toBe(1);
    expect(unknown.err).toContain('Ihre Arbeitsbereiche: Onkologie.');
  });
});

describe('the list of imports', () => {
  it('says how each stands, and cancels one', async () => {
    const path = await temporaryFile('liste.csv', `${sampleCsv(1, 60_000)}x\n`);
    await run(['import', path], as(editor));
    const { out } = await run(['imports', '--limit', '1'], as(editor));
    expect(out).toMatch(/liste\.csv +fertig +Person Eins/);
    const listed = JSON.parse((await run(['imports', '--json'], as(editor))).out) as { imports: { id: string }[] };
    const id = listed.imports[0]?.id ?? '';
    expect(out).toContain(id);
    expect(await run(['imports', '--cancel', id], as(editor))).toEqual({
      exitCode: 1,
      out: '',
      err: 'Dieser Import ist schon beendet.\n',
    });
    expect((await run(['imports', '--cancel', id], as(viewer))).exitCode).toBe(4);

    // One that waits: nothing works on what has no job and was made just now.
    await cluster.sql(
      `insert into imports (workspace_id, filename, size_bytes, created_by) values ($1, 'wartet.csv', 1, $2)`,
      [cluster.workspace, editor.id],
    );
    const waiting = await run(['imports', '--json', '--limit', '1'], as(editor));
    const [{ id: next } = { id: '' }] = (JSON.parse(waiting.out) as typeof listed).imports;
    const cancelled = await run(['imports', '--cancel', next], as(editor));
    expect(cancelled).toMatchObject({ exitCode: 0, err: '' });
    expect(cancelled.out).toBe('Der Import von wartet.csv ist abgebrochen; was bis dahin eingelesen war, bleibt.\n');
    expect((await run(['imports'], as(editor))).out).toMatch(/wartet\.csv +abgebrochen von Person Eins/);
  });
});

describe('an import (R3.1)', () => {
  it('takes the files of a folder, and a second time finds them unchanged', async () => {
    const first = await run(['import', FIXTURES, '--json'], as(editor));
    const second = await run(['import', FIXTURES, '--json'], as(editor));
    const rows = (out: string) =>
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { status: string; rows: { new: number; unchanged: number } });
    expect(first.exitCode).toBe(0);
    expect(rows(first.out)).toHaveLength(5);
    for (const each of rows(first.out)) expect(each).toMatchObject({ status: 'finished', rows: { new: 1 } });
    expect(second.exitCode).toBe(0);
    for (const each of rows(second.out)) expect(each).toMatchObject({ rows: { new: 0, unchanged: 1 } });
    expect((await list()).flatMap(({ records }) => records).length).toBeGreaterThanOrEqual(5);
  });

  it('with rejected rows exits with 2 and says why, with the line', async () => {
    const lines = sampleCsv(3, 5_000).split('\n');
    lines[2] = lines[2]?.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) ?? '';
    const path = await temporaryFile('batch.csv', lines.join('\n'));
    const { exitCode, out } = await run(['import', path], as(editor));
    expect(exitCode).toBe(2);
    expect(out).toContain('Abgelehnte Zeilen');
    expect(out).toMatch(/Zeile 3: .*SHA-256/);
    const english = await run(['import', path, '--json', '--lang', 'en'], as(editor));
    expect(JSON.parse(english.out)).toMatchObject({
      rows: { unchanged: 2, rejected: 1 },
      details: [{ line: 3, findings: [{ code: 'hash-mismatch', message: expect.stringContaining('SHA-256') }] }],
    });
  });

  it('is tried again while the server cannot take files, and says so once', async () => {
    const path = await temporaryFile('later.csv', sampleCsv(3, 4_000));
    // Each upload waits for it, and is then told to come again.
    await using holder = await openTransaction(cluster.database.ownerUrl);
    await holder.query('lock table import_chunks in access exclusive mode');
    const home = await makeFolder();
    const terminal = createTestTerminal(['import', path, '--json'], {
      env: { XDG_CONFIG_HOME: home, ...as(editor).env },
    });
    const ended = runCli(terminal);
    const said = 'Der Server kann gerade nichts annehmen';
    await eventually(() => expect(terminal.err()).toContain(said), 30_000);
    await holder.rollback();
    expect(await ended).toBe(0);
    expect(terminal.err().split(said)).toHaveLength(2);
    expect(JSON.parse(terminal.out())).toMatchObject({ status: 'finished', rows: { new: 3 } });
  });

  it('goes on after files that are missing, empty or of another kind, and exits with 1', async () => {
    const good = await temporaryFile('good.csv', sampleCsv(1, 6_000));
    const empty = await temporaryFile('empty.csv', '');
    const binary = await temporaryFile('binary.csv', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0));
    const { exitCode, out } = await run(['import', '/missing.csv', empty, binary, good], as(editor));
    expect(exitCode).toBe(1);
    expect(out).toContain('/missing.csv: Die Datei gibt es nicht.');
    expect(out).toContain(`${empty}: Die Datei ist leer.`);
    expect(out).toMatch(/binary\.csv: Das ist keine CSV-Datei/);
    expect(out).toMatch(/good\.csv\s+1\s+0\s+0\s+0/);
  });

  it('is not for viewers', async () => {
    expect(await run(['import', FIXTURES], as(viewer))).toEqual({
      exitCode: 4,
      out: '',
      err: 'Ihre Rolle erlaubt das nicht.\n',
    });
  });
});

describe('a list', () => {
  it('has the cases in working order, filtered and cut as asked for', async () => {
    await addCase('L-10', 7_010);
    await addCase('L-9', 7_020);
    await cluster.addRecords(1, { first: 7_030, caseId: 'L-1', artDerDaten: 'G' });
    await run(['edit', 'L-9', '--done', '--yes'], as(editor));
    expect((await list('--text', 'L-')).map(({ caseId }) => caseId)).toEqual(['L-10', 'L-1', 'L-9']);
    expect((await list('--text', 'L-', '--filter', 'incomplete')).map(({ caseId }) => caseId)).toEqual(['L-1']);
    const sorted = await list('--text', 'L-', '--sort', 'caseId:desc', '--limit', '2');
    expect(sorted.map(({ caseId }) => caseId)).toEqual(['L-10', 'L-9']);
  });

  it('is a table for people, with the totals beside it', async () => {
    await addCase('T-1', 7_100);
    const { exitCode, out, err } = await run(['list', '--text', 'T-1'], as(viewer));
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^Fall\s+Status/);
    expect(out).toMatch(/^T-1\s+● gültig/m);
    expect(err).toContain('1 Fall · 1 vollständig · 1 gültig · 0 erledigt');
  });
});

describe('an edit', () => {
  it('changes every record of a case and says the new versions', async () => {
    const { genomic, clinical } = await addCase('E-1', 8_000);
    const { exitCode, out } = await run(
      ['edit', 'e-1', '--done', '--note', 'geprüft', '--assignee', 'me', '--yes'],
      as(editor),
    );
    expect(exitCode).toBe(0);
    expect(out).toContain(`Datensatz ${genomic}: übernommen, jetzt Version 2.`);
    expect(out).toContain(`Datensatz ${clinical}: übernommen, jetzt Version 2.`);
    const [shown] = await list('--text', 'E-1');
    for (const record of shown?.records ?? []) {
      expect(record).toMatchObject({ done: true, note: 'geprüft', assignee: { id: editor.id, name: 'Person Eins' } });
    }
    const again = await run(['edit', 'E-1', '--done'], as(editor));
    expect(again.out).toContain('war schon so');
  });

  it('on an old version exits with 3, changes nothing and says what stands against it (R2.1, R2.2)', async () => {
    const { genomic } = await addCase('E-2', 8_010);
    await run(['edit', `record:${genomic}`, '--note', 'zuerst'], as(editor));
    const late = await run(['edit', `record:${genomic}`, '--note', 'zu spät', '--base-version', '1'], as(editor));
    expect(late.exitCode).toBe(3);
    expect(late.out).toBe('');
    expect(late.err).toContain('Konflikt. Person Eins hat den Datensatz');
    expect(late.err).toMatch(/Notiz\s+–\s+zuerst\s+zu spät\s+Person Eins, /);
    const json = await run(['edit', `record:${genomic}`, '--done', '--base-version', '1', '--json'], as(editor));
    expect(json.exitCode).toBe(3);
    expect(JSON.parse(json.out)).toMatchObject({
      outcomes: [
        { outcome: 'conflict', baseVersion: 1, current: { version: 2, note: 'zuerst' }, attempted: { done: true } },
      ],
    });
  });

  it('finds a record by its Vorgangsnummer and gives it a case id', async () => {
    await cluster.addRecords(1, { first: 8_020 });
    const path = await temporaryFile('one.csv', sampleCsv(1, 8_020));
    const vorgangsnummer = (await readFile(path, 'utf8')).split('\n')[1]?.slice(0, 64) ?? '';
    const edited = await run(['edit', `vn:${vorgangsnummer.slice(0, 16)}`, '--case-id', 'E-3'], as(editor));
    expect(edited.exitCode).toBe(0);
    expect((await list('--text', 'E-3'))[0]?.records[0]?.vorgangsnummer).toBe(vorgangsnummer);
  });

  it('of a case that may not be done yet says why', async () => {
    await cluster.addRecords(1, { first: 8_030, caseId: 'E-4', artDerDaten: 'G' });
    const { exitCode, err } = await run(['edit', 'E-4', '--done'], as(editor));
    expect(exitCode).toBe(1);
    expect(err).toContain('Nur ein vollständiger Fall kann erledigt werden');
  });

  it('is not for viewers', async () => {
    await addCase('E-5', 8_040);
    const { exitCode, err } = await run(['edit', 'E-5', '--done', '--yes'], as(viewer));
    expect(exitCode).toBe(4);
    expect(err).toContain('Ihre Rolle erlaubt das nicht.');
  });

  it('of several records asks, and without a terminal wants --yes (and changes nothing)', async () => {
    await addCase('E-6', 8_050);
    expect(await run(['edit', 'E-6', '--note', 'x'], as(editor))).toMatchObject({ exitCode: 64, out: '' });
    expect((await list('--text', 'E-6'))[0]?.records.map(({ version }) => version)).toEqual([1, 1]);
  });

  it('takes several targets at once', async () => {
    await addCase('E-7', 8_060);
    await addCase('E-8', 8_070);
    const { exitCode, out } = await run(['edit', 'E-7', 'e-8', '--note', 'beide', '--yes', '--json'], as(editor));
    expect(exitCode).toBe(0);
    const { outcomes } = JSON.parse(out) as { outcomes: { outcome: string }[] };
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array(4).fill('accepted'));
  });

  it('is on record as one of a terminal', async () => {
    const { genomic } = await addCase('E-9', 8_080);
    await run(['edit', `record:${genomic}`, '--note', 'x'], as(editor));
    const { entries } = await cluster.api(editor).history(cluster.workspace, genomic);
    expect(entries[0]).toMatchObject({ via: 'cli', by: `user:${editor.id}` });
  });

  it('of nothing there is says so', async () => {
    expect(await run(['edit', 'E-99', '--done'], as(editor))).toMatchObject({
      exitCode: 1,
      err: 'Zu E-99 gibt es in diesem Arbeitsbereich nichts.\n',
    });
  });
});

describe('an undo', () => {
  it('takes back the last change of this account, then the one before it, and no more', async () => {
    const { genomic, clinical } = await addCase('U-1', 8_500);
    const env = { ...as(editor).env, XDG_CONFIG_HOME: await makeFolder() };
    await run(['edit', 'U-1', '--note', 'eins', '--yes'], { env });
    await run(['edit', `record:${genomic}`, '--note', 'zwei', '--done'], { env });
    const record = (id: number) => cluster.api(editor).record(cluster.workspace, id);
    expect((await run(['undo'], { env })).exitCode).toBe(0);
    expect(await record(genomic)).toMatchObject({ note: 'eins', done: false });
    expect((await run(['undo'], { env })).exitCode).toBe(64);
    expect((await run(['undo', '--yes', '--json'], { env })).exitCode).toBe(0);
    expect([(await record(genomic)).note, (await record(clinical)).note]).toEqual([null, null]);
    expect(await run(['undo'], { env })).toMatchObject({ exitCode: 1, out: '' });
  });

  it('is no obstacle to what others changed beside it, and in its way is a conflict that overwrites nothing (R2.1)', async () => {
    const { genomic } = await addCase('U-2', 8_510);
    const other = await cluster.addPerson('Person Fünf', { workspace: cluster.workspace, role: 'editor' });
    const target = `record:${genomic}`;
    const env = { ...as(editor).env, XDG_CONFIG_HOME: await makeFolder() };
    await run(['edit', target, '--note', 'mein'], { env });
    await run(['edit', target, '--assignee', 'me'], as(other));
    expect((await run(['undo'], { env })).exitCode).toBe(0);
    const record = () => cluster.api(editor).record(cluster.workspace, genomic);
    expect(await record()).toMatchObject({ note: null, assignee: other.id });

    await run(['edit', target, '--note', 'mein'], { env });
    await run(['edit', target, '--note', 'deren'], as(other));
    const late = await run(['undo'], { env });
    expect(late.exitCode).toBe(3);
    expect(late.err).toMatch(/Notiz\s+mein\s+deren\s+–\s+Person Fünf/);
    expect(late.err).toContain('meldesync resolve ');
    expect((await record()).note).toBe('deren');
  });

  it('is of this account alone, and leaves nothing of a case in its file', async () => {
    const { genomic } = await addCase('U-3', 8_520);
    const home = await makeFolder();
    await run(['edit', `record:${genomic}`, '--note', 'geheim'], { env: { ...as(editor).env, XDG_CONFIG_HOME: home } });
    const file = await readFile(join(home, 'meldesync', 'edits.json'), 'utf8');
    expect(file).not.toMatch(/geheim|U-3/);
    const admin = await cluster.addPerson('Person Sechs', { workspace: cluster.workspace, role: 'admin' });
    const theirs = await run(['undo'], { env: { ...as(admin).env, XDG_CONFIG_HOME: home } });
    expect(theirs).toMatchObject({ exitCode: 1, err: expect.stringContaining('keine Änderung von Ihnen') });
  });
});

describe('the details of a case', () => {
  it('say every field in words, for one record with the others of its case', async () => {
    const { genomic } = await addCase('S-1', 9_000);
    const { exitCode, out } = await run(['show', `record:${genomic}`], as(viewer));
    expect(exitCode).toBe(0);
    expect(out).toContain('Fall S-1 · vollständig, gültig, nicht erledigt');
    expect(out).toMatch(/Indikationsbereich\s+seltene Erkrankung/);
    expect(out).toContain('Genomisch · Datensatz');
    expect(out).toContain('Klinisch · Datensatz');
    const english = await run(['show', 'S-1', '--lang', 'en'], as(viewer));
    expect(english.out).toMatch(/Indication\s+rare disease/);
  });
});

describe('a watch', () => {
  it('of a case tells of its records alone, also of one that comes into it', async () => {
    const { genomic } = await addCase('W-2', 9_510);
    await addCase('W-3', 9_520);
    const [late = 0] = await cluster.addRecords(1, { first: 9_530 });
    const ending = new AbortController();
    const terminal = createTestTerminal(['watch', 'w-2', '--json'], {
      env: { XDG_CONFIG_HOME: await makeFolder(), ...as(viewer).env },
      signal: ending.signal,
    });
    const watching = runCli(terminal);
    await eventually(() => expect(terminal.out()).toContain('"live"'));
    await run(['edit', 'W-3', '--note', 'fremd', '--yes'], as(editor));
    await run(['edit', `record:${genomic}`, '--note', 'eigen'], as(editor));
    await run(['edit', `record:${late}`, '--case-id', 'W-2'], as(editor));
    const told = () =>
      terminal
        .out()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { type: string; record?: number; before?: object; after?: object })
        .filter(({ type }) => type === 'change');
    await eventually(() =>
      expect(told()).toMatchObject([
        { record: genomic, before: { note: null }, after: { note: 'eigen' } },
        { record: late, after: { caseId: 'W-2' } },
      ]),
    );
    ending.abort();
    expect(await watching).toBe(0);
  });

  it('of nothing there is says so', async () => {
    expect(await run(['watch', 'W-99'], as(viewer))).toMatchObject({ exitCode: 1, out: '' });
  });

  it('prints each change with who and what, and Ctrl-C ends it well (R1.2)', async () => {
    const { genomic } = await addCase('W-1', 9_500);
    const ending = new AbortController();
    const terminal = createTestTerminal(['watch'], {
      env: { XDG_CONFIG_HOME: await makeFolder(), ...as(viewer).env },
      signal: ending.signal,
    });
    const watching = runCli(terminal);
    await eventually(() => expect(terminal.err()).toContain('● Live.'));
    await run(['edit', 'W-1', '--note', 'live', '--yes'], as(editor));
    await eventually(() =>
      expect(terminal.out()).toMatch(
        new RegExp(`Person Eins {2}Fall W-1 · Genomisch · Datensatz ${genomic} {2}Notiz: – → live`),
      ),
    );
    await cluster.sql('update records set note = null where id = $1', [genomic]);
    await eventually(() => expect(terminal.out()).toMatch(/Datenbank \(\w+\) {2}Fall W-1 .* {2}Notiz: live → –/));
    ending.abort();
    expect(await watching).toBe(0);
  });

  it('ends with 4 when the sign-in ends', async () => {
    const person = await cluster.addPerson('Person Vier', { workspace: cluster.workspace, role: 'viewer' });
    const terminal = createTestTerminal(['watch', '--json'], {
      env: { XDG_CONFIG_HOME: await makeFolder(), ...as(person).env },
    });
    const watching = runCli(terminal);
    await eventually(() => expect(terminal.out()).toContain('"live"'));
    const authorization = `Bearer ${person.token}`;
    await fetch(`${cluster.url()}/api/auth/sign-out`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(await watching).toBe(4);
    const states = terminal.out().trim().split('\n');
    expect(JSON.parse(states.at(-1) ?? '')).toMatchObject({ type: 'connection', name: 'needs-sign-in' });
  });
});
