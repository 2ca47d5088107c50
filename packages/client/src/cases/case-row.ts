import {
  type CaseRecord,
  type CaseStatus,
  caseStatus,
  type WorkingOrderGroup,
  workingOrderGroup,
} from '@meldesync/domain';
import type { CaseRow } from '../types/cases.ts';
import type { ClientRecord } from '../types/records.ts';

/** A row with what the view needs to place and find it. */
export interface CaseEntry extends CaseRow {
  /** Smallest id of its records: decides between rows that are otherwise equal. */
  readonly id: number;
  readonly group: WorkingOrderGroup;
  /** Where it stands in the column that is sorted by; null comes last. Set when the entry enters a view's order. */
  sortValue: string | number | null;
  /** Folded texts to search in, made when first searched. */
  searchTexts: readonly string[] | null;
  /** Whether the view's text and filter show it. */
  isShown: boolean;
}

/** One array for all the rows that lack a kind. */
const NONE: readonly ClientRecord[] = [];

/** Makes the row of records that have the same case id, or of one record without. `records` must not be empty. */
export function makeCaseEntry(caseId: string | null, records: readonly ClientRecord[]): CaseEntry {
  const genomic: ClientRecord[] = [];
  const clinical: ClientRecord[] = [];
  const unreadable: ClientRecord[] = [];
  let latest = records[0];
  let id = Number.POSITIVE_INFINITY;
  for (const record of records) {
    if (record.mb === null) unreadable.push(record);
    else if (record.mb.artDerDaten === 'G') genomic.push(record);
    else clinical.push(record);
    if (!latest || record.updatedAt > latest.updatedAt) latest = record;
    if (record.id < id) id = record.id;
  }
  const status = statusOf(records);
  return {
    key: caseId === null ? `record:${id}` : `case:${caseId}`,
    caseId,
    genomic: sorted(genomic),
    clinical: sorted(clinical),
    unreadable: sorted(unreadable),
    status,
    latest: { at: latest?.updatedAt ?? '', by: latest?.updatedBy ?? '' },
    id,
    group: workingOrderGroup(status),
    sortValue: null,
    searchTexts: null,
    isShown: false,
  };
}

/** All records of a row. */
export function recordsOf(row: CaseRow): readonly ClientRecord[] {
  return [...row.genomic, ...row.clinical, ...row.unreadable];
}

/** A copy: an array that was grown keeps room for more, which 50,000 rows would pay for. */
function sorted(records: readonly ClientRecord[]): readonly ClientRecord[] {
  return records.length === 0 ? NONE : records.slice().sort(newestFirst);
}

/** By Leistungsdatum, on the same day by the counter of the day, then by id. */
function newestFirst(a: ClientRecord, b: ClientRecord): number {
  if (!a.mb || !b.mb) return b.id - a.id;
  if (a.mb.leistungsdatum !== b.mb.leistungsdatum) return a.mb.leistungsdatum < b.mb.leistungsdatum ? 1 : -1;
  return b.mb.zaehler - a.mb.zaehler || b.id - a.id;
}

/**
 * The domain's status of what can be read. A record that cannot be read says nothing about completeness, but the case
 * is not done before it is. A row of nothing but such records has neither kind of data: it stands as incomplete.
 */
function statusOf(records: readonly ClientRecord[]): CaseStatus {
  const done = records.every((record) => record.done);
  const readable = records.filter((record): record is ClientRecord & CaseRecord => record.mb !== null);
  if (readable.length === 0) return { completeness: 'clinical-only', valid: false, done, mayBeDone: false };
  return { ...caseStatus(readable), done };
}
