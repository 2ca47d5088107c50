import { type Cluster, eventually, startCluster, type TestPerson } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../src/app.ts';
import { useTemporaryFolders } from './temporary-folders.ts';
import { createTestTerminal } from './test-terminal.ts';

const makeFolder = useTemporaryFolders();

let cluster: Cluster;
let one: TestPerson;
let two: TestPerson;
let admin: TestPerson;
let viewer: TestPerson;

beforeAll(async () => {
  cluster = await startCluster({ worker: false });
  const { workspace } = cluster;
  one = await cluster.addPerson('Person Eins', { workspace, role: 'editor' });
  two = await cluster.addPerson('Person Zwei', { workspace, role: 'editor' });
  admin = await cluster.addPerson('Person Drei', { workspace, role: 'admin' });
  viewer = await cluster.addPerson('Person Vier', { workspace, role: 'viewer' });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

/** Starts a command line as a person, at one of both nodes. */
async function start(person: TestPerson, args: readonly string[], options: { node?: number; answers?: string[] } = {}) {
  const ending = new AbortController();
  const terminal = createTestTerminal(args, {
    env: {
      XDG_CONFIG_HOME: await makeFolder(),
      MELDESYNC_SERVER: cluster.url(options.node ?? 0),
      MELDESYNC_TOKEN: person.token,
    },
    signal: ending.signal,
    ...(options.answers === undefined ? {} : { answers: options.answers }),
  });
  return { ...terminal, ended: runCli(terminal), interrupt: () => ending.abort('SIGINT') };
}

async function run(person: TestPerson, args: readonly string[], options: { node?: number; answers?: string[] } = {}) {
  const running = await start(person, args, options);
  const exitCode = await running.ended;
  return { exitCode, out: running.out(), err: running.err() };
}

/** Holds the lock of a case until it is interrupted. */
async function holdLock(person: TestPerson, target: string, ...args: string[]) {
  const running = await start(person, ['lock', target, '--json', ...args]);
  await eventually(() => expect(running.out()).toContain('"granted"'));
  return { ...running, events: () => eventsOf(running.out()) };
}

function eventsOf(out: string): Array<{ type: string; lock?: string; reason?: string; byName?: string }> {
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

let nextRecord = 1;

/** A case with a genomic and a clinical record of its own. */
async function addCase(caseId: string): Promise<{ genomic: number; clinical: number }> {
  const first = nextRecord;
  nextRecord += 2;
  const [genomic = 0] = await cluster.addRecords(1, { first, caseId, artDerDaten: 'G' });
  const [clinical = 0] = await cluster.addRecords(1, { first: first + 1, caseId, artDerDaten: 'C' });
  return { genomic, clinical };
}

/** A conflict: person one was first with one note, person two late with another. */
async function addConflict(caseId: string): Promise<{ conflict: string; genomic: number }> {
  const { genomic } = await addCase(caseId);
  // A busy machine may answer later than the terminal waits.
  await eventually(async () =>
    expect((await run(one, ['edit', `record:${genomic}`, '--note', 'zuerst'])).exitCode).toBe(0),
  );
  const late = await run(two, ['edit', `record:${genomic}`, '--note', 'zu spät', '--base-version', '1', '--json']);
  expect(late.exitCode).toBe(3);
  const { outcomes } = JSON.parse(late.out) as { outcomes: Array<{ conflict: string }> };
  return { conflict: outcomes[0]?.conflict ?? '', genomic };
}

const noteOf = async (record: number) => (await cluster.api(one).record(cluster.workspace, record)).note;
const stored = (conflict: string) => cluster.api(two).conflict(cluster.workspace, conflict);
const locksNow = async () => (await cluster.api(one).locks(cluster.workspace)).map(({ lock }) => lock);

describe('a lock', () => {
  it('covers all records of the case, keeps others from editing it and ends with Ctrl-C (R1.4)', async () => {
    const { genomic, clinical } = await addCase('L-1');
    const held = await holdLock(one, `record:${genomic}`);
    expect(held.events()).toMatchObject([{ type: 'granted', records: [genomic, clinical], caseId: 'L-1' }]);

    const refused = await run(two, ['edit', 'L-1', '--note', 'x', '--yes'], { node: 1 });
    expect(refused).toMatchObject({ exitCode: 5, out: '' });
    expect(refused.err).toContain('Person Eins bearbeitet Fall L-1 seit ');
    const json = await run(two, ['edit', `record:${clinical}`, '--note', 'x', '--json'], { node: 1 });
    expect(JSON.parse(json.out)).toMatchObject({
      outcomes: [{ outcome: 'rejected', code: 'record-locked', lock: { userName: 'Person Eins', endsAt: null } }],
    });
    expect(await noteOf(genomic)).toBeNull();
    // Their own lock does not stand in anybody's way.
    expect((await run(one, ['edit', `record:${clinical}`, '--note', 'mine'])).exitCode).toBe(0);

    held.interrupt();
    expect(await held.ended).toBe(0);
    expect(held.events().map(({ type }) => type)).toEqual(['granted', 'released']);
    expect((await run(two, ['edit', 'L-1', '--note', 'x', '--yes'], { node: 1 })).exitCode).toBe(0);
  });

  it('of somebody else is named, with an exit code of its own', async () => {
    await addCase('L-2');
    const held = await holdLock(one, 'L-2');
    const refused = await run(two, ['lock', 'L-2'], { node: 1 });
    expect(refused).toMatchObject({ exitCode: 5, out: '' });
    expect(refused.err).toContain('Person Eins bearbeitet Fall L-2 seit ');
    const json = await run(two, ['lock', 'L-2', '--json', '--wait', '1s'], { node: 1 });
    expect(json.exitCode).toBe(5);
    expect(eventsOf(json.out)).toMatchObject([
      { type: 'held', waiting: true, locks: [{ userName: 'Person Eins' }] },
      { type: 'held', waiting: false, locks: [{ userName: 'Person Eins' }] },
    ]);
    held.interrupt();
    await held.ended;
  });

  it('is waited for until it is free', async () => {
    await addCase('L-3');
    const held = await holdLock(one, 'L-3');
    const waiting = await start(two, ['lock', 'L-3', '--wait', '--for', '1s', '--json'], { node: 1 });
    await eventually(() => expect(waiting.out()).toContain('"held"'));
    held.interrupt();
    expect(await waiting.ended).toBe(0);
    expect(eventsOf(waiting.out()).map(({ type }) => type)).toEqual(['held', 'granted', 'released']);
  });

  it('keeps another terminal of the same person out, which waits for it or takes it over as it says', async () => {
    await addCase('L-7');
    const held = await holdLock(one, 'L-7');
    const refused = await run(one, ['lock', 'L-7'], { node: 1 });
    expect(refused).toMatchObject({ exitCode: 5, out: '' });
    expect(refused.err).toContain('Sie selbst bearbeiten Fall L-7 seit ');
    expect(refused.err).toContain('--take-over');

    const waiting = await start(one, ['lock', 'L-7', '--wait', '--for', '1s', '--json'], { node: 1 });
    await eventually(() => expect(waiting.out()).toContain('"held"'));
    expect(held.events().map(({ type }) => type)).toEqual(['granted']);
    held.interrupt();
    expect(await held.ended).toBe(0);
    expect(await waiting.ended).toBe(0);

    const again = await holdLock(one, 'L-7');
    const taking = await start(one, ['lock', 'L-7', '--take-over', '--for', '1s', '--json'], { node: 1 });
    expect(await again.ended).toBe(6);
    expect(again.events().at(-1)).toMatchObject({ type: 'lost', reason: 'taken-over' });
    expect(await taking.ended).toBe(0);
  });

  it('ends the wait for it with 130 on Ctrl-C', async () => {
    await addCase('L-4');
    const held = await holdLock(one, 'L-4');
    const waiting = await start(two, ['lock', 'L-4', '--wait']);
    await eventually(() => expect(waiting.err()).toContain('Warte, bis der Fall frei ist'));
    waiting.interrupt();
    expect(await waiting.ended).toBe(130);
    held.interrupt();
    await held.ended;
  });

  it('is listed, and can be ended by its holder and by an admin alone', async () => {
    await addCase('L-5');
    const held = await holdLock(one, 'L-5');
    const table = await run(viewer, ['locks']);
    expect(table.out).toMatch(/^Fall L-5 {2}Person Eins/m);
    const { locks } = JSON.parse((await run(one, ['locks', '--json'])).out) as { locks: Array<{ lock: string }> };
    expect(locks).toMatchObject([{ caseId: 'L-5', userName: 'Person Eins', own: true, endsAt: null }]);

    const foreign = await run(two, ['unlock', 'L-5']);
    expect(foreign).toMatchObject({ exitCode: 4, out: '' });
    expect(foreign.err).toContain('Person Eins bearbeitet Fall L-5.');
    expect(await locksNow()).toHaveLength(1);

    expect((await run(admin, ['unlock', 'L-5'], { node: 1 })).exitCode).toBe(0);
    expect(await held.ended).toBe(6);
    expect(held.events().at(-1)).toMatchObject({ type: 'lost', reason: 'taken-away', byName: 'Person Drei' });
    expect(await run(one, ['unlock', 'L-5'])).toMatchObject({ exitCode: 1, err: 'Fall L-5 ist nicht gesperrt.\n' });

    const again = await holdLock(one, 'L-5');
    expect((await run(one, ['unlock', again.events()[0]?.lock ?? ''])).exitCode).toBe(0);
    expect(await again.ended).toBe(6);
    expect(again.events().at(-1)).toMatchObject({ type: 'lost', reason: 'released' });
  });

  it('is not for viewers, and not of what is not there', async () => {
    await addCase('L-6');
    expect(await run(viewer, ['lock', 'L-6'])).toMatchObject({ exitCode: 4, err: 'Ihre Rolle erlaubt das nicht.\n' });
    expect((await run(one, ['lock', 'L-99'])).exitCode).toBe(1);
    expect(await run(one, ['locks'])).toEqual({ exitCode: 0, out: '', err: 'Nichts ist gesperrt.\n' });
  });
});

describe('who is here', () => {
  it('is shown with what they have open', async () => {
    await addCase('W-1');
    const held = await holdLock(one, 'W-1');
    await eventually(async () => {
      const { exitCode, out } = await run(two, ['who', '--json'], { node: 1 });
      expect(exitCode).toBe(0);
      expect(JSON.parse(out)).toMatchObject({
        people: expect.arrayContaining([
          expect.objectContaining({ name: 'Person Eins', kinds: ['cli'], cases: ['W-1'] }),
        ]),
      });
    });
    const shown = (await run(viewer, ['who'])).out;
    expect(shown).toMatch(/^Person Vier \(Sie\) {2}Terminal {2}–$/m);
    expect(shown).toMatch(/^Person Eins {8}Terminal {2}Fall W-1$/m);
    held.interrupt();
    await held.ended;
  });
});

describe('a conflict', () => {
  it('is one for scripts too, with base, theirs and mine of each field (R2.2)', async () => {
    const { genomic } = await addCase('C-1');
    await run(one, ['edit', `record:${genomic}`, '--note', 'zuerst']);
    const late = await run(two, ['edit', `record:${genomic}`, '--note', 'zu spät', '--base-version', '1', '--json']);
    expect(late.exitCode).toBe(3);
    expect(JSON.parse(late.out)).toMatchObject({
      outcomes: [
        {
          outcome: 'conflict',
          overlaps: true,
          current: { version: 2 },
          fields: [
            { field: 'note', base: null, current: 'zuerst', attempted: 'zu spät', changed: { byName: 'Person Eins' } },
          ],
        },
      ],
    });
    const other = await run(two, ['edit', `record:${genomic}`, '--case-id', 'C-1b', '--base-version', '1']);
    expect(other.exitCode).toBe(3);
    expect(other.err).toContain('verschiedene Felder');
    expect(other.err).toMatch(/meldesync resolve [0-9a-f-]{36} --mine/);
  });

  it('is listed to its person, and to admins with how it was settled (R5.2)', async () => {
    const { conflict } = await addConflict('C-2');
    const mine = await run(two, ['conflicts']);
    expect(mine.out).toMatch(new RegExp(`^${conflict} {2}Fall C-2 · Genomisch · Datensatz \\d+ .*Notiz$`, 'm'));
    expect((await run(one, ['conflicts'])).out).not.toContain(conflict);
    expect((await run(admin, ['conflicts'])).out).not.toContain(conflict);
    await run(two, ['resolve', conflict, '--theirs']);
    expect((await run(two, ['conflicts'])).out).not.toContain(conflict);
    const all = await run(admin, ['conflicts', '--all', '--json']);
    const { conflicts } = JSON.parse(all.out) as { conflicts: Array<{ conflict: string }> };
    expect(conflicts.find((each) => each.conflict === conflict)).toMatchObject({
      byName: 'Person Zwei',
      caseId: 'C-2',
      resolved: { resolution: 'kept-theirs', byName: 'Person Zwei' },
    });
    expect((await run(admin, ['conflicts', '--all'])).out).toContain('aktueller Stand behalten, Person Zwei');
  });

  it.each([
    ['--theirs', 'kept-theirs', 'zuerst'],
    ['--drop', 'dropped', 'zuerst'],
    ['--mine', 'reapplied', 'zu spät'],
    ['--set=note=beides', 'merged', 'beides'],
  ])('is settled with %s', async (flag, resolution, note) => {
    const { conflict, genomic } = await addConflict(`C-${resolution}`);
    const settled = await run(two, ['resolve', conflict, flag, '--json'], { node: 1 });
    expect(settled).toMatchObject({ exitCode: 0, err: '' });
    expect(JSON.parse(settled.out)).toMatchObject({ outcome: 'settled', conflict, record: genomic, resolution });
    expect(await noteOf(genomic)).toBe(note);
    expect(await stored(conflict)).toMatchObject({ resolved: { resolution, by: `user:${two.id}` } });

    const again = await run(two, ['resolve', conflict, '--mine']);
    expect(again).toMatchObject({ exitCode: 1, out: '' });
    expect(again.err).toContain('schon auf andere Weise gelöst');
  });

  it('is settled field by field in a conversation', async () => {
    const { genomic } = await addCase('C-3');
    await run(one, ['edit', `record:${genomic}`, '--note', 'zuerst', '--assignee', 'me']);
    const late = [
      'edit',
      `record:${genomic}`,
      '--note',
      'zu spät',
      '--assignee',
      'me',
      '--base-version',
      '1',
      '--json',
    ];
    const { outcomes } = JSON.parse((await run(two, late)).out) as { outcomes: Array<{ conflict: string }> };
    const conflict = outcomes[0]?.conflict ?? '';
    const settled = await run(two, ['resolve', conflict], { answers: ['2', '1'] });
    expect(settled.exitCode).toBe(0);
    expect(settled.out).toContain('Konflikt gelöst: die gewählten Werte gelten.');
    expect(await cluster.api(one).record(cluster.workspace, genomic)).toMatchObject({
      note: 'zuerst',
      assignee: two.id,
    });
    expect(await stored(conflict)).toMatchObject({ resolved: { resolution: 'merged' } });
  });

  it('that is settled over a state that has changed again is a new one, and nothing is overwritten (R2.1)', async () => {
    const { conflict, genomic } = await addConflict('C-4');
    await run(one, ['edit', `record:${genomic}`, '--note', 'noch einmal']);
    const settled = await run(two, ['resolve', conflict, '--mine', '--json']);
    expect(settled.exitCode).toBe(3);
    const next = JSON.parse(settled.out) as { outcome: string; conflict: string };
    expect(next).toMatchObject({ outcome: 'conflict', current: { note: 'noch einmal' } });
    expect(await noteOf(genomic)).toBe('noch einmal');
    expect(await stored(conflict)).toMatchObject({ resolved: { resolution: 'superseded' } });
    expect((await run(two, ['resolve', next.conflict, '--mine'])).exitCode).toBe(0);
    expect(await noteOf(genomic)).toBe('zu spät');
  });

  it('of somebody else, or of nobody, is not there', async () => {
    const { conflict } = await addConflict('C-5');
    const unknown = '0b1f6a52-5d0e-4c0b-8f5e-3c1a7a9d2e41';
    for (const id of [conflict, unknown]) {
      for (const flag of ['--mine', '--theirs']) {
        const { exitCode, err } = await run(one, ['resolve', id, flag]);
        expect(exitCode).toBe(1);
        expect(err).toBe('Diesen Konflikt gibt es in diesem Arbeitsbereich nicht.\n');
      }
    }
    expect(await stored(conflict)).toMatchObject({ resolved: null });
  });
});

describe('watch', () => {
  it('P44 tells of changes from where nobody knows, as they came, and goes on', async () => {
    const [id = 0] = await cluster.addRecords(1, { first: 950 });
    const watching = await start(viewer, ['watch', '--json']);
    const told = () =>
      watching
        .out()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as object);
    await eventually(() =>
      expect(told()).toContainEqual(expect.objectContaining({ type: 'connection', name: 'live' })),
    );
    const update = (note: string) =>
      cluster.sql(
        `with said as materialized (select set_config('meldesync.via', 'sql","op":"delete', true))
         update records set note = $1 where id = $2 and (select count(*) from said) = 1`,
        [note, id],
      );
    await update('recorded as sql');
    // As a newer database would have it, which knows more words.
    await cluster.sql('alter table changes drop constraint changes_via');
    await cluster.sql(`create or replace function meldesync_setting(name text) returns text language sql stable as
      $$ select nullif(current_setting('meldesync.' || name, true), '') $$`);
    await update('recorded as it came');
    await eventually(() => {
      const changes = told().filter((line) => 'record' in line && line.record === id);
      expect(changes).toMatchObject([
        { type: 'change', op: 'update', via: 'sql' },
        { type: 'change', op: 'update', via: 'sql","op":"delete' },
      ]);
    });
    watching.interrupt();
    await watching.ended;
    expect(watching.err()).not.toContain('rotocol');
  });
});
