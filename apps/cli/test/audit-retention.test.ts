import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ERROR_CATALOGUE, type RetentionRun } from '@meldesync/protocol';
import { type Cluster, eventually, startCluster, type TestPerson } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../src/app.ts';
import { useTemporaryFolders } from './temporary-folders.ts';
import { createTestTerminal } from './test-terminal.ts';

const makeFolder = useTemporaryFolders();

const DELETED = 4;

let folder: string;
let archive: string;
let cluster: Cluster;
let admin: TestPerson;
let editor: TestPerson;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meldesync-archive-'));
  archive = join(folder, 'archive');
  cluster = await startCluster({
    nodes: 1,
    worker: false,
    logLevel: 'silent',
    sealIntervalMs: 50,
    retention: {
      policy: {
        operations: { count: 60, unit: 'days' },
        'import-rows': null,
        conflicts: null,
        events: null,
        changes: { count: 120, unit: 'months' },
      },
      archiveFolder: archive,
      lookMs: 50,
    },
  });
  const { workspace } = cluster;
  admin = await cluster.addPerson('Ina Thal', { workspace, role: 'admin' });
  editor = await cluster.addPerson('Emil Team', { workspace, role: 'editor' });
  await cluster.sql('update auth."user" set is_installation_admin = true where id = $1', [admin.id]);
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface Given {
  readonly as?: TestPerson;
  /** Somebody sits there and types these. */
  readonly answers?: readonly string[];
  /** Stands on standard input. */
  readonly input?: string;
}

async function run(args: readonly string[], { as = admin, ...given }: Given = {}) {
  const terminal = createTestTerminal(['audit', ...args], {
    env: {
      XDG_CONFIG_HOME: await makeFolder(),
      MELDESYNC_SERVER: cluster.url(),
      MELDESYNC_TOKEN: as.token,
      COLUMNS: '220',
    },
    ...given,
  });
  const exitCode = await runCli(terminal);
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

const count = async (of: string): Promise<number> => {
  const [row] = await cluster.sql(`select count(*)::int as count from ${of}`);
  return Number(row?.['count']);
};

async function addOldTrail(): Promise<void> {
  await cluster.sql(
    `insert into changes (workspace_id, record_id, version, op, before, after, actor, via, at)
     select $1, 1000000 + n, kind.version, kind.op, '{}', '{}', 'user:anna', 'web', now() - interval '11 years'
     from generate_series(1, $2::int) n cross join (values (1, 'insert'), (2, 'delete')) kind (version, op)`,
    [cluster.workspace, DELETED],
  );
  await cluster.sql(
    `insert into edit_operations (workspace_id, operation, user_id, items, outcomes, at)
     values ($1, 'long-ago', 'anna', '[]', '[]', now() - interval '1 year')`,
    [cluster.workspace],
  );
}
const isSealed = () =>
  eventually(async () =>
    expect(
      await count(`changes c where not exists (select from audit_leaves l where l.source = 'c' and l.entry = c.id)`),
    ).toBe(0),
  );

describe('meldesync audit erase', () => {
  const CASE = 'F-4711';
  beforeAll(async () => {
    const [first = 0, second = 0] = await cluster.addRecords(2);
    for (const [operation, record, set] of [
      ['operation-case', first, { caseId: CASE, note: 'Zebrafink' }],
      ['operation-note', second, { note: `wie ${CASE}` }],
    ] as const)
      await cluster.api(editor).edit(cluster.workspace, { operation, items: [{ record, baseVersion: 1, set }] });
  });
  const isThere = () => count(`records where case_id = '${CASE}'`);

  it.each<[string, readonly string[], Given, number, RegExp]>([
    ['two case ids that differ', [], { answers: [CASE, 'F-4712'] }, 130, /Die beiden Kennungen sind verschieden/],
    ['the same in English', ['--lang', 'en'], { answers: [CASE, ''] }, 130, /The two case ids differ; nothing was/],
    ['no case id', [], { answers: ['', ''] }, 130, /verschieden/],
    ['Ctrl-C at the second question', [], { answers: [CASE] }, 130, /Zur Bestätigung noch einmal die Kennung/],
    ['nobody to ask, and no --case-stdin', [], {}, 64, /--case-stdin/],
    ['--case-stdin without --yes', ['--case-stdin'], { input: `${CASE}\n` }, 64, /bitte mit --yes/],
    ['--case-stdin with nothing there', ['--case-stdin', '--yes'], { input: '\n' }, 64, /--case-stdin/],
    ['nobody to ask for a reason', ['--case-stdin', '--yes'], { input: CASE }, 64, /--reason/],
    ['a case id as an argument', [CASE], { answers: [CASE, CASE, 'Antrag'] }, 64, /./],
  ])('erases nothing for %s', async (_, args, given, exitCode, says) => {
    const result = await run(['erase', ...args], given);
    expect(result.exitCode).toBe(exitCode);
    expect(result.err).toMatch(says);
    expect(result.out).toBe('');
    expect(await isThere()).toBe(1);
  });

  it('erases nothing for a reason that names the case, and nothing for who may not', async () => {
    const named = await run(['erase', '--case-stdin', '--yes', '--reason', `Antrag zu ${CASE}`], { input: CASE });
    expect(named.exitCode).toBe(1);
    expect(named.err).toContain(ERROR_CATALOGUE['reason-names-case'].de);
    const english = await run(['erase', '--lang', 'en', '--case-stdin', '--yes', '--reason', CASE], { input: CASE });
    expect(english.err).toContain(ERROR_CATALOGUE['reason-names-case'].en);
    for (const { err, out } of [named, english]) expect(`${err}${out}`).not.toContain(CASE);
    const refused = await run(['erase', '--case-stdin', '--yes', '--reason', 'Antrag'], { input: CASE, as: editor });
    expect(refused.exitCode).toBe(4);
    expect(await isThere()).toBe(1);
  });

  it('asks whoever signed in long ago to prove who they are', async () => {
    await cluster.sql(`update auth.session set authenticated_at = now() - interval '1 hour' where user_id = $1`, [
      admin.id,
    ]);
    const stale = await run(['erase', '--case-stdin', '--yes', '--reason', 'Antrag'], { input: CASE });
    expect(stale.exitCode).toBe(4);
    expect(await isThere()).toBe(1);
    await cluster.sql('update auth.session set authenticated_at = now() where user_id = $1', [admin.id]);
  });

  it('R5.5 of a person who types the case id twice erases the case, and says what is left to do', async () => {
    const { exitCode, out, err } = await run(['erase'], { answers: [CASE, CASE, 'Antrag vom 3. Mai'] });
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^Gelöscht: 1 Meldebestätigung, \d+ Einträge im Verlauf, .*Nennungen in 1 anderen Notiz\.$/m);
    expect(err).toContain('Kennung des Falls: ');
    expect(err).toContain('Redis und Archive folgen in wenigen Minuten.');
    expect(await isThere()).toBe(0);
    const [told] = await cluster.sql(`select after ->> 'reason' as reason from events where kind = 'case-erased'`);
    expect(told).toEqual({ reason: 'Antrag vom 3. Mai' });
  });

  it('R5.5 of a script says the same in English, and as JSON; where there is nothing it says that', async () => {
    const args = ['erase', '--case-stdin', '--yes', '--reason', 'Antrag'];
    const nothing = await run([...args, '--lang', 'en'], { input: `${CASE}\nfurther\n` });
    expect(nothing).toMatchObject({
      exitCode: 0,
      out: 'The database held nothing of this case. Archives are searched now.\n',
    });
    expect(nothing.err).toContain('Backups hold the case until they reach their age.');
    const json = await run([...args, '--json'], { input: CASE });
    expect(JSON.parse(json.out)).toMatchObject({ records: 0, changes: 0, importFiles: 0, id: expect.any(String) });
  });
});

describe('meldesync audit retention', () => {
  const nobody = { exitCode: -1, err: '' };

  it('says when no worker takes it up, and that the request stays', async () => {
    await addOldTrail();
    Object.assign(nobody, await run(['retention', '--dry-run']));
    expect(nobody.exitCode).toBe(1);
    expect(nobody.err).toContain('Kein Worker hat es übernommen.');
    expect((await run(['retention', '--list'])).out).toMatch(/Ina Thal/);
    expect((await run(['retention', '--list'])).out).toContain('noch nicht begonnen');
    expect((await run(['retention', '--list', '--lang', 'en'])).out).toContain('not begun yet');
    await cluster.addWorker('worker');
    await isSealed();
    await eventually(async () => expect(await count('retention_runs where finished_at is null')).toBe(0));
  }, 60_000);

  it('R5.5 --dry-run tells what would go, and nothing goes', async () => {
    const german = await run(['retention', '--dry-run']);
    expect(german).toMatchObject({ exitCode: 0, err: 'Ein Worker übernimmt das …\n' });
    expect(german.out).toMatch(/Was +Frist +Ginge/);
    expect(german.out).toMatch(new RegExp(`Verlauf gelöschter Meldebestätigungen +120 Monate +${2 * DELETED}`));
    expect(german.out).toMatch(/Konflikte +unbegrenzt +0/);
    const english = await run(['retention', '--dry-run', '--lang', 'en']);
    expect(english.out).toMatch(/What +Kept for +Would go/);
    expect(english.out).toMatch(new RegExp(`History of deleted records +120 months +${2 * DELETED}`));
    expect(await count('changes where record_id > 1000000')).toBe(2 * DELETED);
    expect(await readdir(folder)).toEqual([]);
  });

  it('lets nothing go where nobody means it, or nobody may', async () => {
    const runs = await count('retention_runs');
    const no = await run(['retention'], { answers: ['nein'] });
    expect(no).toMatchObject({ exitCode: 130, out: '' });
    expect(no.err).toContain('Alles, was über seine Frist ist, jetzt entfernen?');
    expect((await run(['retention', '--lang', 'en'], { answers: ['no'] })).err).toContain('Let go now of all');
    expect(await run(['retention'])).toMatchObject({ exitCode: 64 });
    for (const args of [['--yes'], ['--dry-run'], ['--list']])
      expect(await run(['retention', ...args], { as: editor })).toMatchObject({ exitCode: 4, out: '' });
    expect(await count('retention_runs')).toBe(runs);
  });

  it('R5.5 says why a run ended before its end, and fails', async () => {
    await writeFile(archive, '');
    for (const [language, sentence] of [
      ['de', 'Abgebrochen (E'],
      ['en', 'Ended before its end (E'],
    ] as const) {
      const failed = await run(['retention', '--yes', '--lang', language]);
      expect(failed.exitCode).toBe(1);
      expect(failed.err).toContain(sentence);
    }
    const asJson = await run(['retention', '--yes', '--json']);
    expect(asJson.exitCode).toBe(1);
    expect(JSON.parse(asJson.out)).toMatchObject({ failure: expect.stringMatching(/^E[A-Z]+$/) });
    expect(await count('changes where record_id > 1000000')).toBe(2 * DELETED);
    expect((await run(['retention', '--list'])).out).toContain('Abgebrochen (E');
    await rm(archive);
    // Nor is a folder made that is not there: a mount may be away.
    const missing = await run(['retention', '--yes', '--lang', 'en']);
    expect(missing.err).toContain('Ended before its end (ENOENT)');
    expect(await readdir(folder)).toEqual([]);
    const cut = 'function meldesync_cut_operations(bigint, timestamptz, integer)';
    await cluster.sql(`revoke execute on ${cut} from meldesync_worker`);
    expect((await run(['retention', '--yes', '--lang', 'en'])).err).toContain('Ended before its end (SQLSTATE 42501)');
    await cluster.sql(`grant execute on ${cut} to meldesync_worker`);
    await mkdir(archive);
  });

  it('R5.5 lets go of it for who says yes, and lists the runs in both languages', async () => {
    const done = await run(['retention'], { answers: ['ja'] });
    expect(done.exitCode).toBe(0);
    expect(done.out).toMatch(/Was +Frist +Entfernt/);
    expect(done.out).toMatch(new RegExp(`Verlauf gelöschter Meldebestätigungen +120 Monate +${2 * DELETED}`));
    expect(await count('changes where record_id > 1000000')).toBe(0);
    expect(await readdir(archive)).toHaveLength(1);
    const again = await run(['retention', '--yes', '--json']);
    expect(again.exitCode).toBe(0);
    const { report } = JSON.parse(again.out) as RetentionRun;
    expect(report?.lines.map(({ count: gone }) => gone)).toEqual([0, 0, 0, 0, 0]);
    const list = await run(['retention', '--list']);
    expect(list.out).toMatch(/Lauf +Beauftragt +Von +Ergebnis/);
    expect(list.out).toContain(`${2 * DELETED + 1} Einträge über der Frist`);
    const english = await run(['retention', '--list', '--lang', 'en']);
    expect(english.out).toMatch(/Run +Asked for +By +Outcome/);
    expect(english.out).toMatch(/0 entries gone/);
  });
});
