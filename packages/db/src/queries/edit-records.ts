import type { EditItem, EditOutcome } from '@meldesync/protocol';
import type { Database, Executor } from '../connect.ts';
import { withDeadlockRetry } from '../errors.ts';
import { conflictMet, recordConflicts } from './audit/record-conflicts.ts';
import type { NewNotice } from './audit/record-notices.ts';
import { lockOwnConflicts, settleConflicts, storeConflicts } from './edit-conflicts.ts';
import { claimOperation, type EditRecordsInput, type EditRefusal, rejected } from './edit-operation.ts';
import { judgeEdit, type Verdict } from './judge-edit.ts';
import { deletedAmong, lockRecords } from './lock-records.ts';
import { writeEdit } from './write-edit.ts';

/**
 * Applies an edit in one transaction, with an outcome per item in the items' order; accepted ones are committed when
 * this returns. First change wins: an item on an old version is a conflict and writes nothing but that conflict (R2.1,
 * R2.5, R5.2). The role is read in the same transaction. A retry of an operation gets its first answer again, also
 * when that was a conflict or a lock: the next try needs an operation id of its own.
 *
 * Without conflict this takes three round trips between begin and commit, for one item as for 500.
 */
export async function editRecords(
  database: Database,
  input: EditRecordsInput,
): Promise<{ outcomes: EditOutcome[] } | { refused: EditRefusal }> {
  const { onStep = () => undefined } = input;
  let unrecorded: readonly NewNotice[] = [];
  const result = await withDeadlockRetry(() =>
    database.drizzle.transaction(async (tx) => {
      onStep('begin');
      unrecorded = [];
      const claim = await claimOperation(tx, input);
      onStep('claim');
      if (claim.claim === 'refused') return { refused: claim.refused };
      if (claim.claim === 'answered') return { outcomes: claim.outcomes };

      const verdicts = await judgeUnderLock(tx, input, claim.assignable);
      onStep('judge');
      const conflicts = await storeConflicts(tx, input, ofVerdict(input.items, verdicts, 'conflict'));
      const byRecord = new Map<number, EditOutcome>(conflicts.map((outcome) => [outcome.record, outcome]));
      for (const item of input.items) {
        const verdict = verdicts.get(item.record);
        if (verdict?.verdict === 'accepted')
          byRecord.set(item.record, { record: item.record, outcome: 'accepted', version: verdict.next.version });
        else if (verdict?.verdict === 'rejected') byRecord.set(item.record, rejected(item, verdict.code, verdict.lock));
      }
      const settled = await settleConflicts(tx, input, byRecord);
      const outcomes = input.items.map((item) => byRecord.get(item.record) ?? rejected(item, 'internal'));
      await writeEdit(tx, input, ofVerdict(input.items, verdicts, 'accepted'), outcomes);
      const met = conflicts.map((outcome) => conflictMet(input, outcome));
      unrecorded = await recordConflicts(tx, input, [...met, ...settled]);
      onStep('write');
      return { outcomes };
    }),
  );
  onStep('commit');
  if (unrecorded.length > 0) input.onUnrecorded?.(unrecorded);
  return result;
}

async function judgeUnderLock(
  tx: Executor,
  input: EditRecordsInput,
  assignable: ReadonlySet<string>,
): Promise<Map<number, Verdict>> {
  const { workspaceId, items } = input;
  const records = await lockRecords(tx, workspaceId, items);
  const missing = items.flatMap(({ record }) => (records.has(record) ? [] : record));
  const facts = {
    records,
    deleted: await deletedAmong(tx, workspaceId, missing),
    lockedByOthers: (await input.lockedByOthers) ?? new Map(),
    assignable,
    ownConflicts: await lockOwnConflicts(tx, input),
  };
  for (;;) {
    const verdicts = judgeEdit(items, facts);
    // A half may have joined the case between the look at it and the locks: only who found none has to look again.
    const incomplete = items.filter((item) => isIncomplete(verdicts.get(item.record)));
    if (incomplete.length === 0) return verdicts;
    const known = records.size;
    for (const [id, record] of await lockRecords(tx, workspaceId, incomplete)) records.set(id, record);
    if (records.size === known) return verdicts;
  }
}

function isIncomplete(verdict: Verdict | undefined): boolean {
  return verdict?.verdict === 'rejected' && verdict.code === 'case-not-complete';
}

function ofVerdict<Name extends Verdict['verdict']>(
  items: readonly EditItem[],
  verdicts: ReadonlyMap<number, Verdict>,
  name: Name,
): (Extract<Verdict, { verdict: Name }> & { readonly item: EditItem })[] {
  return items.flatMap((item) => {
    const verdict = verdicts.get(item.record);
    return isVerdict(verdict, name) ? [{ ...verdict, item }] : [];
  });
}

function isVerdict<Name extends Verdict['verdict']>(
  verdict: Verdict | undefined,
  name: Name,
): verdict is Extract<Verdict, { verdict: Name }> {
  return verdict?.verdict === name;
}
