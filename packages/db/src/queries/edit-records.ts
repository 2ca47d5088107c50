import { caseStatus, parseIbeSegment } from '@meldesync/domain';
import type { EditItem, EditOutcome, SyncedRecord } from '@meldesync/protocol';
import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Database, Executor } from '../connect.ts';
import { withDeadlockRetry } from '../errors.ts';
import { members, records } from '../schema/index.ts';
import { claimOperation, type EditRecordsInput, type EditRefusal, keepAnswer, rejected } from './edit-operation.ts';
import { syncedColumns, toSyncedRecord } from './record-columns.ts';

/**
 * Applies an edit in one transaction, with an outcome per item in the items' order; accepted ones are committed when
 * this returns. First change wins: an item on an old version is a conflict and writes nothing (R2.1, R2.5). The role
 * is read in the same transaction. A retry of an operation gets its first answer again.
 */
export async function editRecords(
  database: Database,
  input: EditRecordsInput,
): Promise<{ outcomes: EditOutcome[] } | { refused: EditRefusal }> {
  return withDeadlockRetry(() =>
    database.drizzle.transaction(async (tx) => {
      const claim = await claimOperation(tx, input);
      if (claim) return claim;
      // Rows are locked in the order of their ids everywhere, so two edits never wait for each other in a circle.
      const ordered = input.items.toSorted((a, b) => a.record - b.record);
      const locked = await lockRecords(tx, input.workspaceId, ordered);
      const assignees = await knownAssignees(tx, input);
      const byRecord = new Map<number, EditOutcome>();
      for (const item of ordered) byRecord.set(item.record, await applyItem(tx, item, locked, assignees));
      const outcomes = input.items.map((item) => byRecord.get(item.record) ?? rejected(item, 'internal'));
      await keepAnswer(tx, input, outcomes);
      return { outcomes };
    }),
  );
}

async function applyItem(
  tx: Executor,
  item: EditItem,
  locked: Map<number, SyncedRecord>,
  assignees: ReadonlySet<string>,
): Promise<EditOutcome> {
  const current = locked.get(item.record);
  if (!current) return rejected(item, 'record-not-found');
  if (item.baseVersion > current.version) return rejected(item, 'version-unknown');
  if (item.baseVersion < current.version) {
    return {
      record: item.record,
      outcome: 'conflict',
      baseVersion: item.baseVersion,
      current: toSyncedRecord(current),
    };
  }
  if (item.set.assignee && !assignees.has(item.set.assignee)) return rejected(item, 'assignee-unknown');
  const next: SyncedRecord = { ...current, ...item.set };
  if (item.set.done === true && !current.done && !mayBeDone(next, locked)) return rejected(item, 'case-not-complete');

  const [updated] = await tx
    .update(records)
    .set(item.set)
    .where(and(eq(records.id, item.record), eq(records.version, item.baseVersion)))
    .returning(syncedColumns);
  if (!updated) throw new Error(`record ${item.record} changed under its row lock`);
  locked.set(item.record, updated);
  return { record: item.record, outcome: 'accepted', version: updated.version };
}

/** The records to edit and, where one is to be marked done, the other records of its case. */
async function lockRecords(
  tx: Executor,
  workspaceId: string,
  items: readonly EditItem[],
): Promise<Map<number, SyncedRecord>> {
  const ids = items.map((item) => item.record);
  const select = () => tx.select(syncedColumns).from(records);
  const marksDone = items.some((item) => item.set.done === true);
  const wanted = new Set(ids);
  if (marksDone) {
    const cases = await tx
      .select({ id: records.id, caseId: records.caseId })
      .from(records)
      .where(and(eq(records.workspaceId, workspaceId), inArray(records.id, ids)));
    const caseIds = new Set(cases.flatMap((row) => row.caseId ?? []));
    for (const item of items) if (item.set.caseId) caseIds.add(item.set.caseId);
    if (caseIds.size > 0) {
      const siblings = await tx
        .select({ id: records.id })
        .from(records)
        .where(and(eq(records.workspaceId, workspaceId), inArray(records.caseId, [...caseIds])));
      for (const row of siblings) wanted.add(row.id);
    }
  }
  const rows = await select()
    .where(and(eq(records.workspaceId, workspaceId), inArray(records.id, [...wanted])))
    .orderBy(asc(records.id))
    .for('update');
  return new Map(rows.map((row) => [row.id, row]));
}

function mayBeDone(record: SyncedRecord, locked: ReadonlyMap<number, SyncedRecord>): boolean {
  const ofCase = record.caseId === null ? [] : [...locked.values()].filter((other) => other.caseId === record.caseId);
  const all = [...ofCase.filter((other) => other.id !== record.id), record];
  const readable = all.flatMap(({ ibe, done }) => {
    const mb = parseIbeSegment(ibe);
    return mb ? [{ mb, done }] : [];
  });
  return caseStatus(readable).mayBeDone;
}

async function knownAssignees(tx: Executor, input: EditRecordsInput): Promise<ReadonlySet<string>> {
  const named = [...new Set(input.items.flatMap((item) => item.set.assignee ?? []))];
  if (named.length === 0) return new Set();
  const rows = await tx
    .select({ id: members.userId })
    .from(members)
    .where(and(eq(members.workspaceId, input.workspaceId), inArray(members.userId, named)));
  return new Set(rows.map((row) => row.id));
}
