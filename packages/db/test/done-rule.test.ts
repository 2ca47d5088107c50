import type { EditItem } from '@meldesync/protocol';
import { eventually, openTransaction, sampleMeldebestaetigung } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { editRecords } from '../src/index.ts';
import { accepted, createEditSetup, type EditSetup, item, rejected } from './edit-setup.ts';

type Result = Awaited<ReturnType<typeof editRecords>>;

const DONE = { done: true };

let setup: EditSetup;
let cases = 0;

beforeAll(async () => {
  setup = await createEditSetup();
});
afterAll(() => setup[Symbol.asyncDispose]());

const sql: EditSetup['sql'] = (text, values) => setup.sql(text, values);
const asAnna = (items: readonly EditItem[]) => setup.edit(items);
const asBen = (items: readonly EditItem[]) => setup.edit(items, { user: 'ben' });

/** A case id and the two halves that carry it, unless one is left out. */
async function addCase(halves: { genomic?: boolean; clinical?: boolean } = {}) {
  cases += 1;
  const caseId = `case-${cases}`;
  const of = (carries = true) => (carries ? { caseId } : {});
  const genomic = await setup.addRecord({ artDerDaten: 'G', ...of(halves.genomic) });
  const clinical = await setup.addRecord({ artDerDaten: 'C', ...of(halves.clinical) });
  return { caseId, genomic, clinical };
}

/** Complete cases at once; the internal ids of all their records. */
async function addPairs(count: number): Promise<number[]> {
  const samples = Array.from({ length: 2 * count }, (_, index) => sampleMeldebestaetigung(100_000 + index));
  const rows = await sql(
    `insert into records (workspace_id, vorgangsnummer, ibe, case_id)
     select $1, v, i, 'pair-' || (n - 1) / 2 from unnest($2::text[], $3::text[]) with ordinality as sample(v, i, n)
     returning id`,
    [setup.workspace, samples.map((one) => one.vorgangsnummer), samples.map((one) => one.ibe)],
  );
  return rows.map((row) => Number(row['id']));
}

function wasAccepted(result: Result): boolean {
  return 'outcomes' in result && result.outcomes.every((outcome) => outcome.outcome === 'accepted');
}

/** Waits until a statement of the application waits for a row. */
async function untilSomeoneWaits(count = 1): Promise<void> {
  await eventually(async () => {
    const waiting = await sql(
      `select 1 from pg_stat_activity where usename = 'meldesync_app' and datname = current_database()
         and wait_event_type = 'Lock'`,
    );
    expect(waiting.length).toBeGreaterThanOrEqual(count);
  });
}

/**
 * Replays the audit trail and names each change that marked a record done in a case that was not complete then: the
 * trail's order is the order in which the transactions took their rows.
 */
async function wronglyMarked(records: readonly number[]): Promise<unknown[]> {
  const changes = await sql(
    `select c.record_id as record, c.before, c.after, r.art_der_daten as art
     from changes c join records r on r.id = c.record_id where c.record_id = any($1::bigint[]) order by c.id`,
    [records],
  );
  const state = new Map<unknown, { caseId: unknown; art: unknown }>();
  const wrong: unknown[] = [];
  for (const { record, before, after, art } of changes) {
    const set = after as { caseId?: string | null; done?: boolean };
    const caseId = set.caseId === undefined ? state.get(record)?.caseId : set.caseId;
    state.set(record, { caseId, art });
    const wasDone = (before as { done?: boolean }).done;
    if (set.done !== true || wasDone !== false) continue;
    const arten = new Set([...state.values()].filter((one) => one.caseId === caseId).map((one) => one.art));
    if (caseId === null || arten.size < 2) wrong.push({ record, after });
  }
  return wrong;
}

describe('the halves of a pair edited at the same time', () => {
  it('R1.3 two persons may mark one half each', async () => {
    for (let attempt = 0; attempt < 5; attempt++) {
      const { genomic, clinical } = await addCase();
      const [first, second] = await Promise.all([asAnna([item(genomic, DONE)]), asBen([item(clinical, DONE)])]);
      expect(first).toEqual({ outcomes: [accepted(genomic)] });
      expect(second).toEqual({ outcomes: [accepted(clinical)] });
    }
  });

  it('R2.1 a half that leaves the case while the other is marked done comes first or not at all', async () => {
    for (const set of [{ caseId: null }, { caseId: 'somewhere-else' }]) {
      for (let attempt = 0; attempt < 4; attempt++) {
        const { genomic, clinical } = await addCase();
        const mark = () => asAnna([item(genomic, DONE)]);
        const leave = () => asBen([item(clinical, set)]);
        const [marked, left] =
          attempt % 2 === 0
            ? await Promise.all([mark(), leave()])
            : (await Promise.all([leave(), mark()])).toReversed();
        expect(left).toEqual({ outcomes: [accepted(clinical)] });
        if (marked && !wasAccepted(marked)) {
          expect(marked).toEqual({ outcomes: [rejected(genomic, 'case-not-complete')] });
        }
        expect(await wronglyMarked([genomic, clinical])).toEqual([]);
      }
    }
  });

  it('R2.4 a half that is on its way out, not yet committed, does not count', async () => {
    const { genomic, clinical } = await addCase();
    await using leaving = await openTransaction(setup.ownerUrl);
    await leaving.query('update records set case_id = null where id = $1', [clinical]);
    const marking = asAnna([item(genomic, DONE)]);
    await untilSomeoneWaits();
    await leaving.commit();
    expect(await marking).toEqual({ outcomes: [rejected(genomic, 'case-not-complete')] });
  });

  it('R2.4 a half whose way out is taken back does count', async () => {
    const { genomic, clinical } = await addCase();
    await using leaving = await openTransaction(setup.ownerUrl);
    await leaving.query('update records set case_id = null where id = $1', [clinical]);
    const marking = asAnna([item(genomic, DONE)]);
    await untilSomeoneWaits();
    await leaving.rollback();
    expect(await marking).toEqual({ outcomes: [accepted(genomic)] });
  });

  it('R2.4 a half that is being deleted does not count', async () => {
    const { genomic, clinical } = await addCase();
    await using deleting = await openTransaction(setup.ownerUrl);
    await deleting.query('delete from records where id = $1', [clinical]);
    const marking = asAnna([item(genomic, DONE)]);
    await untilSomeoneWaits();
    await deleting.commit();
    expect(await marking).toEqual({ outcomes: [rejected(genomic, 'case-not-complete')] });
  });

  it('R2.4 a half that takes the place of another while the locks are waited for does count', async () => {
    const { caseId, genomic, clinical } = await addCase();
    const replacement = await setup.addRecord({ artDerDaten: 'C' });
    await using swapping = await openTransaction(setup.ownerUrl);
    await swapping.query('update records set case_id = null where id = $1', [clinical]);
    const marking = asAnna([item(genomic, DONE)]);
    await untilSomeoneWaits();
    await swapping.query('update records set case_id = $1 where id = $2', [caseId, replacement]);
    await swapping.commit();
    expect(await marking).toEqual({ outcomes: [accepted(genomic)] });
    // And it is held from then on: the mark was made with it in the case.
    expect(await setup.recordRow(replacement)).toMatchObject({ case_id: caseId });
  });

  it('R2.4 the case that counts is the one the record has under its lock', async () => {
    const { genomic } = await addCase({ clinical: false });
    const other = await addCase({ genomic: false });
    await using moving = await openTransaction(setup.ownerUrl);
    await moving.query('update records set case_id = $1 where id = $2', [other.caseId, genomic]);
    // Who heard of version 2 from the log may be quicker than its commit is visible.
    const marking = asAnna([item(genomic, DONE, 2)]);
    await untilSomeoneWaits();
    await moving.commit();
    expect(await marking).toEqual({ outcomes: [accepted(genomic, 3)] });
  });

  it('R2.1 whoever marks holds the other half until the commit', async () => {
    const { genomic, clinical } = await addCase();
    await using holder = await openTransaction(setup.ownerUrl);
    // Stops the mark after its locks, where its change is to be written.
    await holder.query('lock table changes in exclusive mode');
    const marking = asAnna([item(genomic, DONE)]);
    await untilSomeoneWaits();
    const leaving = asBen([item(clinical, { caseId: null })]);
    await untilSomeoneWaits(2);
    const waiting = await sql(`select 1 from pg_locks where not granted and relation = 'changes'::regclass`);
    expect(waiting).toHaveLength(1);
    await holder.commit();
    expect(await marking).toEqual({ outcomes: [accepted(genomic)] });
    expect(await leaving).toEqual({ outcomes: [accepted(clinical)] });
    expect(await wronglyMarked([genomic, clinical])).toEqual([]);
  });

  it('R2.1 R2.4 many who mark, open, leave and come back: no mark in an incomplete case', async () => {
    const { caseId, genomic, clinical } = await addCase();
    const spare = await setup.addRecord({ artDerDaten: 'C' });
    const turn = async (record: number, sets: readonly EditItem['set'][], user: string) => {
      for (let round = 0; round < 12; round++) {
        const row = await setup.recordRow(record);
        const set = sets[round % sets.length];
        if (set) await setup.edit([item(record, set, Number(row?.['version']))], { user });
      }
    };
    await Promise.all([
      turn(genomic, [{ done: true }, { done: false }], 'anna'),
      turn(genomic, [{ done: true }, { note: 'x' }, { done: false }], 'ben'),
      turn(clinical, [{ caseId: null }, { caseId }, { caseId, done: true }, { caseId: null, done: false }], 'ben'),
      turn(spare, [{ caseId }, { caseId: null }], 'anna'),
    ]);
    expect(await wronglyMarked([genomic, clinical, spare])).toEqual([]);
  });
});

describe('one edit of several records', () => {
  it.each([false, true])(
    'is judged by what it leaves, whatever the order of its items (turned round: %s)',
    async (turned) => {
      const ordered = (items: EditItem[]) => (turned ? items.toReversed() : items);
      const joined = await addCase({ clinical: false });
      expect(
        wasAccepted(
          await asAnna(ordered([item(joined.genomic, DONE), item(joined.clinical, { caseId: joined.caseId })])),
        ),
      ).toBe(true);

      const left = await addCase();
      await asAnna(ordered([item(left.genomic, DONE), item(left.clinical, { caseId: null })]));
      expect(await setup.recordRow(left.genomic)).toMatchObject({ done: false, version: 1 });
      expect(await setup.recordRow(left.clinical)).toMatchObject({ case_id: null, version: 2 });
    },
  );

  it('a refused item does not complete the case of another', async () => {
    const { caseId, genomic, clinical } = await addCase({ clinical: false });
    const result = await asAnna([item(genomic, DONE), item(clinical, { caseId, assignee: 'nobody' })]);
    expect(result).toEqual({
      outcomes: [rejected(genomic, 'case-not-complete'), rejected(clinical, 'assignee-unknown')],
    });
  });

  it('a mark that is refused takes its case id with it', async () => {
    const { genomic } = await addCase({ genomic: false, clinical: false });
    const result = await asAnna([item(genomic, { caseId: 'nobody-else', done: true })]);
    expect(result).toEqual({ outcomes: [rejected(genomic, 'case-not-complete')] });
    expect(await setup.recordRow(genomic)).toMatchObject({ case_id: null, done: false, version: 1 });
  });

  it('R1.3 500 records are marked done and opened again, with an outcome each', async () => {
    const items = (await addPairs(248)).map((id) => item(id, DONE));
    const bad = new Map<number, string>();
    const half = await addCase({ clinical: false });
    const stale = await addCase();
    await asBen([item(stale.clinical, { note: 'first' })]);
    bad.set(half.genomic, 'case-not-complete').set(half.clinical, 'case-not-complete');
    items.push(
      item(half.genomic, DONE),
      item(half.clinical, DONE),
      item(stale.genomic, DONE),
      item(stale.clinical, DONE),
    );
    expect(items).toHaveLength(500);

    const result = await asAnna(items);
    const outcomes = 'outcomes' in result ? result.outcomes : [];
    expect(outcomes.map(({ record }) => record)).toEqual(items.map(({ record }) => record));
    for (const outcome of outcomes) {
      if (outcome.record === stale.clinical) expect(outcome).toMatchObject({ outcome: 'conflict', overlaps: false });
      else if (bad.has(outcome.record)) expect(outcome).toEqual(rejected(outcome.record, 'case-not-complete'));
      else expect(outcome).toEqual(accepted(outcome.record));
    }
    const [done] = await sql('select count(*)::int as count from records where done and id = any($1::bigint[])', [
      items.map(({ record }) => record),
    ]);
    expect(done).toEqual({ count: 497 });

    const undone = await asAnna(
      outcomes.flatMap((one) => (one.outcome === 'accepted' ? item(one.record, { done: false }, one.version) : [])),
    );
    expect(wasAccepted(undone)).toBe(true);
  });
});
