import { CONFLICTING_FIELDS, isAsPatched, isEditable } from '@meldesync/domain';
import type {
  ConflictField,
  Edited,
  EditItem,
  EditOutcome,
  RecordLock,
  RecordPatch,
  SyncedRecord,
} from '@meldesync/protocol';
import type { ReferenceFeed } from './reference-feed.ts';

/** How edits end, as a model over a reference feed. */
export interface ReferenceEdits {
  /** Carries an operation out; the same one again gets the first answer. */
  carryOut(operation: string, items: readonly EditItem[]): Edited;
  /** How often an operation was carried out, retries not counted. */
  readonly carriedOut: ReadonlyMap<string, number>;
  /** Forgets the answers that were given. */
  forget(): void;
}

/** Makes the model; `lockOn` is a lock that forbids the edit of a record. */
export function createReferenceEdits(
  feed: ReferenceFeed,
  lockOn: (record: number) => RecordLock | undefined,
): ReferenceEdits {
  const answers = new Map<string, Edited>();
  const carriedOut = new Map<string, number>();
  let conflicts = 0;

  const conflictOf = (base: SyncedRecord, current: SyncedRecord, set: RecordPatch): EditOutcome => {
    const fields = CONFLICTING_FIELDS.flatMap((field): ConflictField[] => {
      const attempted = isEditable(field) ? set[field] : undefined;
      const hasChanged = base[field] !== current[field];
      if (attempted === undefined && !hasChanged) return [];
      const changed = { by: current.updatedBy, at: current.updatedAt, version: current.version };
      return [
        {
          field,
          base: base[field],
          current: current[field],
          ...(attempted === undefined ? {} : { attempted }),
          ...(hasChanged ? { changed } : {}),
        },
      ];
    });
    const overlaps = fields.some(({ attempted, changed }) => attempted !== undefined && changed !== undefined);
    const conflict = `0190c2d4-7a52-7d2f-8d8e-${(++conflicts).toString(16).padStart(12, '0')}`;
    return { record: base.id, outcome: 'conflict', baseVersion: base.version, current, conflict, fields, overlaps };
  };

  const commitItem = ({ record, baseVersion, set }: EditItem, operation: string): EditOutcome => {
    const current = feed.records.get(record);
    if (!current) return { record, outcome: 'rejected', code: 'record-not-found' };
    const lock = lockOn(record);
    if (lock) return { record, outcome: 'rejected', code: 'record-locked', lock };
    const base = feed.version(record, baseVersion);
    if (!base || baseVersion > current.version) return { record, outcome: 'rejected', code: 'version-unknown' };
    if (current.version !== baseVersion) return conflictOf(base, current, set);
    if (isAsPatched(current, set)) {
      return { record, outcome: 'accepted', version: current.version };
    }
    const pick = [...feed.records.keys()].indexOf(record);
    const [change] = feed.commit([{ op: 'update', pick, set }], operation);
    return { record, outcome: 'accepted', version: change?.version ?? baseVersion };
  };

  const carryOut = (operation: string, items: readonly EditItem[]): Edited => {
    const known = answers.get(operation);
    if (known) return known;
    carriedOut.set(operation, (carriedOut.get(operation) ?? 0) + 1);
    const answer: Edited = { type: 'edited', operation, outcomes: items.map((item) => commitItem(item, operation)) };
    answers.set(operation, answer);
    return answer;
  };

  return {
    carryOut,
    carriedOut,
    forget: () => answers.clear(),
  };
}
