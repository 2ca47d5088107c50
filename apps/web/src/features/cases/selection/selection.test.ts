import type { AppliedChange, CaseRow, ClientRecord } from '@meldesync/client';
import { beforeEach, describe, expect, it } from 'vitest';
import { sampleRecord } from '../../../../test/sample-record.ts';
import { groupRecords } from '../../../sync/live-cases.ts';
import { createSelection, type Selection } from './selection.ts';

describe('selection (R3.3)', () => {
  const records = [
    sampleRecord(1, 'A'),
    sampleRecord(2, 'A'),
    sampleRecord(3, 'B'),
    sampleRecord(4, 'C'),
    sampleRecord(5, null),
  ];
  const rows = groupRecords(records);
  let selection: Selection;
  let stored: ClientRecord[];
  let feed: (changes: readonly AppliedChange[]) => void;

  beforeEach(() => {
    selection = createSelection();
    stored = [...records];
    selection.follow({
      values: () => stored.values(),
      subscribe(listener) {
        feed = listener;
        return () => undefined;
      },
    });
  });

  const row = (key: string): CaseRow => {
    const found = rows.find((candidate) => candidate.key === key);
    if (!found) throw new Error(`no row ${key}`);
    return found;
  };
  const change = (before: ClientRecord | undefined, after: ClientRecord | undefined) =>
    ({ before, after, own: false }) as AppliedChange;
  const groups = () => selection.groups().map((ids) => ids.toSorted((a, b) => a - b));
  const keys = () => rows.map(({ key }) => key).filter((key) => selection.has(key));

  it('holds the records of what is toggled', () => {
    selection.toggle(row('case:A'));
    selection.toggle(row('record:5'));
    expect(groups()).toEqual([[1, 2], [5]]);
    selection.toggle(row('case:A'));
    expect(groups()).toEqual([[5]]);
  });

  it('extends from the row toggled last, either way', () => {
    selection.toggle(row('case:C'));
    selection.extendTo(row('case:A'), rows);
    expect(keys()).toEqual(['case:A', 'case:B', 'case:C']);
    selection.extendTo(row('record:5'), rows);
    expect(selection.size).toBe(4);
  });

  it('begins a range anew where its start is not shown', () => {
    selection.toggle(row('case:C'));
    selection.extendTo(
      row('case:A'),
      rows.filter(({ key }) => key !== 'case:C'),
    );
    expect(keys()).toEqual(['case:A', 'case:C']);
  });

  it('picks and lets go of all rows of a filter, and leaves others alone', () => {
    selection.toggle(row('record:5'));
    const shown = rows.slice(0, 2);
    selection.setAll(shown, true);
    expect(selection.size).toBe(3);
    selection.setAll(shown, false);
    expect(keys()).toEqual(['record:5']);
  });

  it('takes all records of cases that were put together while the list was held', () => {
    selection.setAll([row('case:B'), { ...row('case:A'), key: 'case:B', caseId: 'B' }], true);
    expect(groups()).toEqual([[1, 2, 3]]);
  });

  it('survives changes of its cases, and takes in a record that joins one', () => {
    selection.toggle(row('case:A'));
    feed([change(records[0], { ...sampleRecord(1, 'A'), version: 2, done: true })]);
    feed([change(undefined, sampleRecord(9, 'A'))]);
    expect(groups()).toEqual([[1, 2, 9]]);
  });

  it('lets go of a case only when its last record is gone', () => {
    selection.toggle(row('case:A'));
    feed([change(records[0], undefined)]);
    expect(groups()).toEqual([[2]]);
    feed([change(records[1], { ...sampleRecord(2, 'Z'), version: 2 })]);
    expect(selection.size).toBe(0);
  });

  it('is compared with the whole store after a snapshot', () => {
    selection.setAll(rows, true);
    stored = [sampleRecord(2, 'A'), sampleRecord(3, 'X')];
    feed([]);
    expect(groups()).toEqual([[2]]);
  });

  it('tells its listeners of each change, and only then', () => {
    let calls = 0;
    selection.subscribe(() => calls++);
    feed([change(undefined, sampleRecord(9, 'Q'))]);
    selection.clear();
    expect(calls).toBe(0);
    selection.toggle(row('case:A'));
    feed([change(undefined, sampleRecord(10, 'Q'))]);
    expect(calls).toBe(1);
    selection.clear();
    expect(calls).toBe(2);
  });
});
