import type { AppliedChange, CaseRow, ClientRecord } from '@meldesync/client';
import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../../../test/sample-record.ts';
import { groupRecords } from '../../../sync/live-cases.ts';
import { countNew, createHeldRows, createListing, readRows, settleRow } from './held-rows.ts';

/** A store the test writes to, and a held list of what was in it at first. */
function setUp(...records: ClientRecord[]) {
  const stored = new Map(records.map((entry) => [entry.id, entry]));
  const rows = groupRecords(records);
  const held = createHeldRows({ get: (id) => stored.get(id), values: () => stored.values() }, rows);
  const put = (after: ClientRecord): void => {
    const before = stored.get(after.id);
    stored.set(after.id, after);
    const change = { before, after, own: false } as AppliedChange;
    held.touch([change]);
  };
  const rowOf = (key: string): CaseRow => {
    const row = rows.find((candidate) => candidate.key === key);
    if (!row) throw new Error(`no row ${key}`);
    return row;
  };
  const remove = (id: number): void => {
    const before = stored.get(id);
    stored.delete(id);
    held.touch([{ before, after: undefined, own: false } as AppliedChange]);
  };
  return { stored, held, rows, put, remove, rowOf };
}

const ids = (row: CaseRow | null) => row?.unreadable.map(({ id }) => id).toSorted((a, b) => a - b);

describe('held rows (R3.3)', () => {
  it('are the rows themselves while nothing changes', () => {
    const { held, rowOf } = setUp(sampleRecord(1, 'A'), sampleRecord(2, null));
    expect(held.read(rowOf('case:A'))).toBe(rowOf('case:A'));
    expect(held.read(rowOf('record:2'))).toBe(rowOf('record:2'));
  });

  it('show what changed in their records, and stay the same object until the next change', () => {
    const { held, put, rowOf } = setUp(sampleRecord(1, 'A'));
    put(sampleRecord(1, 'A', { version: 2, note: 'neu' }));
    const now = held.read(rowOf('case:A'));
    expect(now?.unreadable[0]?.note).toBe('neu');
    expect(held.read(rowOf('case:A'))).toBe(now);
  });

  it('take in a record that joins their case', () => {
    const { held, put, rowOf } = setUp(sampleRecord(1, 'A'));
    put(sampleRecord(2, 'A'));
    expect(
      held
        .read(rowOf('case:A'))
        ?.unreadable.map(({ id }) => id)
        .sort(),
    ).toEqual([1, 2]);
  });

  it('let go of a record that leaves their case', () => {
    const { held, put, rowOf } = setUp(sampleRecord(1, 'A'), sampleRecord(2, 'A'));
    put(sampleRecord(2, 'B', { version: 2 }));
    expect(held.read(rowOf('case:A'))?.unreadable.map(({ id }) => id)).toEqual([1]);
  });

  it('follow a case that was given another id under someone’s hands', () => {
    const { held, put, rowOf } = setUp(sampleRecord(1, 'A'), sampleRecord(2, null));
    put(sampleRecord(1, 'B', { version: 2 }));
    put(sampleRecord(2, 'C', { version: 2 }));
    expect(held.read(rowOf('case:A'))?.caseId).toBe('B');
    expect(held.read(rowOf('record:2'))?.caseId).toBe('C');
  });

  it('are null once their records are gone', () => {
    const { held, stored, rowOf } = setUp(sampleRecord(1, null));
    stored.delete(1);
    expect(held.read(rowOf('record:1'))).toBeNull();
    expect(held.movedTo(rowOf('record:1'))).toEqual([]);
  });

  it('are null, and say where the records went, when another row stands for these', () => {
    const { held, rows, put, rowOf } = setUp(sampleRecord(1, 'A'), sampleRecord(2, 'B'), sampleRecord(3, null));
    put(sampleRecord(2, 'A', { version: 2 }));
    put(sampleRecord(3, 'A', { version: 2 }));
    for (const key of ['case:B', 'record:3']) {
      expect(held.read(rowOf(key))).toBeNull();
      expect(held.movedTo(rowOf(key)).map(({ caseId }) => caseId)).toEqual(['A']);
    }
    expect(ids(held.read(rowOf('case:A')))).toEqual([1, 2, 3]);
    expect(readRows(rows, held)).toHaveLength(1);
    put(sampleRecord(2, 'B', { version: 3 }));
    expect(ids(held.read(rowOf('case:B')))).toEqual([2]);
    expect(held.movedTo(rowOf('case:B'))).toEqual([]);
    expect(ids(held.read(rowOf('case:A')))).toEqual([1, 3]);
  });

  it('are not followed into a case that is more than they were, shown or not', () => {
    const { held, put, rowOf } = setUp(sampleRecord(1, 'A'), sampleRecord(2, 'B'));
    put(sampleRecord(3, 'C'));
    put(sampleRecord(1, 'C', { version: 2 }));
    expect(held.read(rowOf('case:A'))).toBeNull();
    expect(held.movedTo(rowOf('case:A')).map(({ key }) => key)).toEqual(['case:C']);
    put(sampleRecord(2, 'A', { version: 2 }));
    // A has a row that stands for it again.
    expect(ids(held.read(rowOf('case:A')))).toEqual([2]);
    expect(held.read(rowOf('case:B'))).toBeNull();
  });

  it('say all cases their records went to, and stand for what is left of their own', () => {
    const { held, put, rowOf } = setUp(sampleRecord(1, 'A'), sampleRecord(2, 'A'), sampleRecord(3, 'B'));
    put(sampleRecord(1, 'B', { version: 2 }));
    expect(ids(held.read(rowOf('case:A')))).toEqual([2]);
    expect(held.movedTo(rowOf('case:A'))).toEqual([]);
    put(sampleRecord(2, 'C', { version: 2 }));
    expect(held.read(rowOf('case:A'))).toBeNull();
    expect(held.movedTo(rowOf('case:A')).map(({ caseId }) => caseId)).toEqual(['B', 'C']);
    expect(ids(held.read(rowOf('case:B')))).toEqual([1, 3]);
  });
});

describe('readRows', () => {
  it('gives what stands on the screen: without deleted records, with those that came', () => {
    const { held, rows, put, remove } = setUp(
      sampleRecord(1, 'A'),
      sampleRecord(2, 'B'),
      sampleRecord(3, 'C'),
      sampleRecord(4, 'D'),
    );
    remove(2);
    put(sampleRecord(5, 'C'));
    put(sampleRecord(6, 'E'));
    put(sampleRecord(4, 'F', { version: 2 }));
    const shown = () =>
      readRows(rows, held).map(({ key, unreadable }) => [
        key,
        unreadable.map(({ id }) => id).toSorted((a, b) => a - b),
      ]);
    const expected = [
      ['case:A', [1]],
      ['case:C', [3, 5]],
      ['case:F', [4]],
    ];
    expect(shown()).toEqual(expected);
    expect(shown()).toEqual(expected);
    remove(5);
    expect(shown()[1]).toEqual(['case:C', [3]]);
  });
});

describe('countNew', () => {
  const [a, b, c] = [sampleRecord(1, 'A'), sampleRecord(2, 'B'), sampleRecord(3, 'C')];

  it('counts the rows that are not shown yet', () => {
    expect(countNew(groupRecords([a]), groupRecords([a, b, c]))).toBe(2);
    expect(countNew(groupRecords([a, b]), groupRecords([b]))).toBe(0);
  });
});

describe('createListing', () => {
  it('knows the rows of the live list', () => {
    const isListed = createListing(groupRecords([sampleRecord(1, 'A')]));
    const [shown] = groupRecords([sampleRecord(1, 'A')]);
    const [other] = groupRecords([sampleRecord(2, 'B')]);
    expect(shown && isListed(shown)).toBe(true);
    expect(other && isListed(other)).toBe(false);
  });
});

describe('settleRow (R3.3)', () => {
  const rowsOf = (...ids: string[]) => groupRecords(ids.map((caseId, index) => sampleRecord(index + 1, caseId)));
  const keys = (rows: readonly CaseRow[]) => rows.map(({ caseId }) => caseId);
  const held = rowsOf('A', 'B', 'C', 'D');
  const [a, b, c, d] = held;
  /** The row as it is after a change: another object of the same case. */
  const changed = (row: CaseRow | undefined): CaseRow => {
    if (!row) throw new Error('no row');
    return { ...row };
  };
  const list = (...rows: (CaseRow | undefined)[]): CaseRow[] => rows.filter((row) => row !== undefined);

  it('takes out what the filter no longer shows, and nothing else', () => {
    expect(keys(settleRow(held, list(a, d), 'case:B', changed(b)))).toEqual(['A', 'C', 'D']);
    expect(keys(settleRow(held, list(a, c, d), 'case:B', null))).toEqual(['A', 'C', 'D']);
  });

  it('puts a row to its place among those that did not move; new ones keep waiting', () => {
    const [fresh] = rowsOf('NEU');
    const now = changed(a);
    expect(keys(settleRow(held, list(b, fresh, c, now, d), 'case:A', now))).toEqual(['B', 'C', 'A', 'D']);
    expect(keys(settleRow(held, list(b, fresh, c, d, now), 'case:A', now))).toEqual(['B', 'C', 'D', 'A']);
  });

  it('does not go by rows that stand elsewhere in the live list', () => {
    // A colleague changed C, which is held where it was; A belongs beside its new place.
    const [nowA, nowC] = [changed(a), changed(c)];
    expect(keys(settleRow(held, list(b, d, nowA, nowC), 'case:A', nowA))).toEqual(['B', 'C', 'D', 'A']);
  });

  it('shows a case once when it was put together with one that is shown', () => {
    const nowC = changed(c);
    expect(keys(settleRow(held, list(a, nowC, d), 'case:B', nowC))).toEqual(['A', 'C', 'D']);
  });

  it('leaves the list alone when the row did not change', () => {
    expect(settleRow(held, held, 'case:B', b ?? null)).toBe(held);
  });
});
