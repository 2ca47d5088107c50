import type { EditIntent, SettledEdit } from '@meldesync/client';
import type { ErrorCode, RecordLock } from '@meldesync/protocol';
import type { ConflictedEdit } from '../sync/conflict-queue.ts';

/** An edit that was refused, and why. */
export interface RefusedEdit {
  readonly intent: EditIntent;
  readonly code: ErrorCode;
  /** Who has the case, with `record-locked`. */
  readonly lock: RecordLock | undefined;
}

/** What became of an edit of any number of records. */
export interface EditReport {
  readonly accepted: readonly SettledEdit[];
  /** Somebody was first and saved something else: the person decides. */
  readonly conflicts: readonly ConflictedEdit[];
  /** Somebody was first and saved just this. */
  readonly same: readonly ConflictedEdit[];
  readonly refused: readonly RefusedEdit[];
}

/** Sorts the answers to an edit by what they mean for the person. */
export function reportOf(settled: readonly SettledEdit[], failed: readonly RefusedEdit[] = []): EditReport {
  const conflicted = settled.filter(isConflict);
  return {
    accepted: settled.filter(({ outcome }) => outcome.outcome === 'accepted'),
    conflicts: conflicted.filter((edit) => !wantsTheSame(edit)),
    same: conflicted.filter(wantsTheSame),
    refused: [
      ...settled.flatMap(({ outcome, ...intent }) =>
        outcome.outcome === 'rejected' ? [{ intent, code: outcome.code, lock: outcome.lock }] : [],
      ),
      ...failed,
    ],
  };
}

/** How many cases edits concern; a record without a case id counts as one. */
export function countCases(edits: readonly Pick<EditIntent, 'seen'>[]): number {
  return new Set(edits.map(({ seen }) => seen.caseId ?? seen.id)).size;
}

/** Puts edits into batches of at most `size` records that do not cut a case in two. */
export function inBatches(intents: readonly EditIntent[], size: number): EditIntent[][] {
  const cases = new Map<string | number, EditIntent[]>();
  for (const intent of intents) {
    const key = intent.seen.caseId ?? intent.seen.id;
    const group = cases.get(key);
    if (group) group.push(intent);
    else cases.set(key, [intent]);
  }
  const batches: EditIntent[][] = [];
  for (const group of cases.values()) {
    const last = batches.at(-1);
    if (last && last.length + group.length <= size) last.push(...group);
    else for (let start = 0; start < group.length; start += size) batches.push(group.slice(start, start + size));
  }
  return batches;
}

function isConflict(edit: SettledEdit): edit is ConflictedEdit {
  return edit.outcome.outcome === 'conflict';
}

/** Whether what stands now is what the person wanted: nothing is left to decide. */
function wantsTheSame({ outcome }: ConflictedEdit): boolean {
  return outcome.fields.every(({ attempted, current }) => attempted === undefined || attempted === current);
}
