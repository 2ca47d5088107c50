import { type AppliedChange, type ClientRecord, changeRecord } from '@meldesync/client';
import type { Change } from '@meldesync/protocol';
import type { Candidates, Target } from '../target/target.ts';

/** The records that somebody watches, and what they were when they were last told of. */
export interface WatchedRecords {
  readonly size: number;
  /** Ids of all of them, to read them anew. */
  readonly ids: readonly number[];
  /** Case ids of the watched cases: a record that comes into one of them is watched from then on. */
  readonly caseIds: readonly string[];
  /** Takes what was read in place of what was known. */
  replace(records: Candidates): void;
  /** What changes mean for the watched records; `read` fetches one that was not known before. */
  apply(
    changes: readonly Change[],
    read: (record: number) => Promise<ClientRecord | undefined>,
  ): Promise<AppliedChange[]>;
}

export function createWatchedRecords(targets: readonly Target[], candidates: Candidates): WatchedRecords {
  const known = new Map<number, ClientRecord>();
  const cases = new Set(targets.flatMap((target) => (target.kind === 'case' ? [target.caseId] : [])));
  const named = new Set(targets.flatMap((target) => (target.kind === 'record' ? [target.record.id] : [])));

  const isWatched = ({ id, caseId }: ClientRecord): boolean => named.has(id) || (caseId !== null && cases.has(caseId));
  const replace = (records: Candidates): void => {
    known.clear();
    for (const record of records.values()) if (isWatched(record)) known.set(record.id, record);
  };
  replace(candidates);

  const concerns = ({ record, set }: Change): boolean =>
    known.has(record) || named.has(record) || (typeof set.caseId === 'string' && cases.has(set.caseId));

  return {
    get size() {
      return known.size;
    },
    get ids() {
      return [...new Set([...known.keys(), ...named])];
    },
    get caseIds() {
      return [...cases];
    },
    replace,
    async apply(changes, read) {
      const applied: AppliedChange[] = [];
      for (const change of changes) {
        if (!concerns(change)) continue;
        const before = known.get(change.record);
        if (before !== undefined && change.version <= before.version && change.op !== 'delete') continue;
        const after =
          change.op === 'delete' ? undefined : (changeRecord(before, change) ?? (await read(change.record)));
        if (after !== undefined && isWatched(after)) known.set(after.id, after);
        else known.delete(change.record);
        applied.push({ change, before, after, own: false });
      }
      return applied;
    },
  };
}
