import { caseStatus, differingFields, EDITABLE_FIELDS, PERSON_FIELDS, parseIbeSegment } from '@meldesync/domain';
import type { EditItem, ErrorCode, RecordLock, SyncedRecord } from '@meldesync/protocol';

/** What an edit is judged by, as it stands under the row locks of its transaction. */
export interface EditFacts {
  /** The records to edit and those of the cases to be marked done. */
  readonly records: ReadonlyMap<number, SyncedRecord>;
  readonly deleted: ReadonlySet<number>;
  readonly lockedByOthers: ReadonlyMap<number, RecordLock>;
  /** To which of the people whom fields are to name records can be assigned. */
  readonly assignable: ReadonlySet<string>;
  /** Conflicts that items say they resolve, by id: those of the person, with the record and whether they are open. */
  readonly ownConflicts: ReadonlyMap<string, { readonly record: number; readonly isOpen: boolean }>;
}

/** What becomes of one item. */
export type Verdict =
  /** `next` is the record after it, at the version it will have: one that changes nothing keeps its version. */
  | { readonly verdict: 'accepted'; readonly current: SyncedRecord; readonly next: SyncedRecord }
  | { readonly verdict: 'conflict'; readonly current: SyncedRecord }
  | { readonly verdict: 'rejected'; readonly code: ErrorCode; readonly lock?: RecordLock };

/**
 * Judges the items of an edit, by record id. The first reason in this order counts: not there, locked by another
 * person, a version from the future, a conflict that cannot be resolved, an old version, a person to whom
 * nothing can be assigned, the domain's rule for done. That rule is asked of the cases as the edit as a whole would leave them.
 */
export function judgeEdit(items: readonly EditItem[], facts: EditFacts): Map<number, Verdict> {
  const verdicts = new Map(items.map((item) => [item.record, judgeItem(item, facts)]));
  refuseIncomplete(verdicts, facts.records);
  return verdicts;
}

function judgeItem(item: EditItem, facts: EditFacts): Verdict {
  const current = facts.records.get(item.record);
  if (!current) return refuse(facts.deleted.has(item.record) ? 'record-deleted' : 'record-not-found');
  const lock = facts.lockedByOthers.get(item.record);
  if (lock) return { verdict: 'rejected', code: 'record-locked', lock };
  if (item.baseVersion > current.version) return refuse('version-unknown');
  if (item.resolves) {
    const resolved = facts.ownConflicts.get(item.resolves.conflict.toLowerCase());
    if (resolved?.record !== item.record) return refuse('conflict-not-found');
    if (!resolved.isOpen) return refuse('conflict-settled');
  }
  if (item.baseVersion < current.version) return { verdict: 'conflict', current };
  if (namedAnew(item, current).some((person) => !facts.assignable.has(person))) return refuse('assignee-unknown');
  const next: SyncedRecord = { ...current, ...item.set };
  const isChanged = differingFields(EDITABLE_FIELDS, current, next).length > 0;
  return { verdict: 'accepted', current, next: isChanged ? { ...next, version: next.version + 1 } : next };
}

/** The people whom an item sets fields to. */
export function namedIn({ set }: EditItem): string[] {
  return PERSON_FIELDS.flatMap((field) => set[field] ?? []);
}

/** Those of them whom the fields do not name already: who may edit no more keeps what is theirs. */
function namedAnew({ set }: EditItem, current: SyncedRecord): string[] {
  return PERSON_FIELDS.flatMap((field) => (set[field] === current[field] ? [] : (set[field] ?? [])));
}

/**
 * Refuses what marks a case done that would not be complete then. Once is enough: the marks of one case are refused
 * together, and a record that so stays in its old case can only complete that one.
 */
function refuseIncomplete(verdicts: Map<number, Verdict>, records: ReadonlyMap<number, SyncedRecord>): void {
  const marked = [...verdicts.values()].flatMap((one) =>
    one.verdict === 'accepted' && one.next.done && !one.current.done ? one.next : [],
  );
  if (marked.length === 0) return;
  const cases = new Map<string, SyncedRecord[]>(
    marked.flatMap(({ caseId }) => (caseId === null ? [] : [[caseId, []]])),
  );
  for (const [id, record] of records) {
    const verdict = verdicts.get(id);
    const after = verdict?.verdict === 'accepted' ? verdict.next : record;
    if (after.caseId !== null) cases.get(after.caseId)?.push(after);
  }
  const complete = new Set([...cases].flatMap(([caseId, ofCase]) => (mayBeDone(ofCase) ? caseId : [])));
  const incomplete = marked.filter((record) =>
    record.caseId === null ? !mayBeDone([record]) : !complete.has(record.caseId),
  );
  for (const { id } of incomplete) verdicts.set(id, refuse('case-not-complete'));
}

function mayBeDone(ofCase: readonly SyncedRecord[]): boolean {
  const readable = ofCase.flatMap(({ ibe, done }) => {
    const mb = parseIbeSegment(ibe);
    return mb ? [{ mb, done }] : [];
  });
  return readable.length > 0 && caseStatus(readable).mayBeDone;
}

function refuse(code: ErrorCode): Verdict {
  return { verdict: 'rejected', code };
}
