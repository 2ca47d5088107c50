import type { Meldebestaetigung } from '@meldesync/domain';
import type { SyncedRecord } from '@meldesync/protocol';
import { toClientRecord } from '../store/client-record.ts';
import type { CaseQuery, CaseTotals } from '../types/cases.ts';
import type { ClientRecord } from '../types/records.ts';
import { compareFor, sortValueOf } from './case-order.ts';
import { type CaseEntry, makeCaseEntry, recordsOf } from './case-row.ts';
import { type CaseMatcher, matcherFor, searchWords } from './case-search.ts';
import { createTotalsCounter } from './case-totals.ts';

/** A case of an index: its records are to be read by their ids. */
export interface IndexedCase {
  readonly caseId: string | null;
  readonly records: readonly number[];
}

/** The cases of a query in their order, as `CaseView` would show them. */
export interface CaseIndexResult {
  readonly cases: readonly IndexedCase[];
  readonly totals: CaseTotals;
}

/** Puts the cases of a workspace in order and keeps of each record no more than that takes: for who reads all of them once. */
export interface CaseIndex {
  /** Takes records in, each once. */
  add(records: readonly SyncedRecord[]): void;
  /** All have been taken in. */
  finish(): CaseIndexResult;
}

interface Group {
  readonly caseId: string | null;
  readonly records: ClientRecord[];
  /** Words of the query that none of the records so far has. */
  missing: readonly Word[];
}

interface Word {
  readonly isIn: CaseMatcher;
}

/** Makes an empty index for a query. */
export function createCaseIndex(query: CaseQuery): CaseIndex {
  const groups = new Map<string | number, Group>();
  const slim = slimmerFor(query);
  const words = searchWords(query.text).map((text): Word => ({ isIn: matcherFor({ filter: 'all', text }) }));

  const groupOf = ({ caseId, id }: SyncedRecord): Group => {
    const key = caseId ?? id;
    const known = groups.get(key);
    if (known) return known;
    const group: Group = { caseId, records: [], missing: words };
    groups.set(key, group);
    return group;
  };

  return {
    add(records) {
      for (const synced of records) {
        const record = toClientRecord(synced);
        const group = groupOf(synced);
        if (group.missing.length > 0) {
          const entry = makeCaseEntry(group.caseId, [record]);
          group.missing = group.missing.filter(({ isIn }) => !isIn(entry));
        }
        group.records.push(slim(record, group.caseId));
      }
    },
    finish: () => orderOf(groups, query),
  };
}

/** Takes the groups out as it goes: of each only its ids and its place are kept. */
function orderOf(groups: Map<string | number, Group>, query: CaseQuery): CaseIndexResult {
  const passes = matcherFor({ filter: query.filter, text: '' });
  const totals = createTotalsCounter();
  const shown: { readonly entry: CaseEntry; readonly records: readonly number[] }[] = [];
  for (const [key, { caseId, records, missing }] of groups) {
    groups.delete(key);
    if (missing.length > 0) continue;
    const entry = makeCaseEntry(caseId, records);
    if (!passes(entry)) continue;
    entry.sortValue = sortValueOf(entry, query.sort);
    totals.add(entry);
    shown.push({ entry: { ...entry, ...NO_RECORDS }, records: recordsOf(entry).map(({ id }) => id) });
  }
  const compare = compareFor(query.sort);
  shown.sort((one, other) => compare(one.entry, other.entry));
  return {
    totals: totals.read(),
    cases: shown.map(({ entry, records }) => ({ caseId: entry.caseId, records })),
  };
}

const NONE: readonly ClientRecord[] = [];
const NO_RECORDS = { genomic: NONE, clinical: NONE, unreadable: NONE };

/**
 * What is kept of a record: what its case's status needs, and what the query sorts by. What is the same in many records is kept once, and
 * no text of a page stays here because a part of it does.
 */
function slimmerFor({ sort }: CaseQuery): (record: ClientRecord, caseId: string | null) => ClientRecord {
  const column = sort?.column;
  const isDated = column !== undefined && column !== 'caseId' && column !== 'status' && column !== 'latest';
  const known = new Map<string, Meldebestaetigung>();
  const slimMb = (mb: Meldebestaetigung): Meldebestaetigung => {
    const leistungsdatum = isDated ? mb.leistungsdatum : '';
    const zaehler = isDated ? mb.zaehler : 0;
    const { typ, indikation, artDerDaten, artDerSequenzierung, qualitaetskontrolle } = mb;
    const key = [
      typ,
      indikation,
      artDerDaten,
      artDerSequenzierung,
      qualitaetskontrolle,
      leistungsdatum,
      zaehler,
    ].join();
    const slim = known.get(key) ?? { ...mb, ...NO_TEXTS, leistungsdatum: copy(leistungsdatum), zaehler };
    known.set(key, slim);
    return slim;
  };
  return (record, caseId) => ({
    id: record.id,
    version: record.version,
    vorgangsnummer: '',
    ibe: '',
    caseId,
    done: record.done,
    assignee: column === 'assignee' ? record.assignee : null,
    note: column === 'note' ? record.note : null,
    updatedAt: column === 'latest' ? record.updatedAt : '',
    updatedBy: '',
    mb: record.mb && slimMb(record.mb),
  });
}

const NO_TEXTS = { code: '', leistungserbringerId: '', datenknotenId: '', hashString: '', hash: '' };

/** A part of a text keeps the whole of it in memory; this one does not. */
function copy(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
