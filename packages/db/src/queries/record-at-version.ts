import { type ChangedFields, SYNCED_FIELDS, type SyncedRecord } from '@meldesync/protocol';
import { and, desc, eq, gte } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { changes } from '../schema/index.ts';
import { getRecord } from './get-record.ts';
import { isoTime } from './record-columns.ts';

/** Which record, and at which version. */
export interface RecordVersion {
  readonly workspaceId: string;
  readonly recordId: number;
  readonly version: number;
}

/**
 * A record as it was at a version, also of one that has changed or been deleted since: what it holds now, with what the changes since then
 * replaced put back. Undefined where it never had that version, or what happened to it is not kept any more.
 */
export async function recordAtVersion(executor: Executor, wanted: RecordVersion): Promise<SyncedRecord | undefined> {
  const { workspaceId, recordId, version } = wanted;
  const current = await getRecord(executor, workspaceId, recordId);
  if (current?.version === version) return current;
  if (current && current.version < version) return undefined;
  const since = await changesSince(executor, wanted);
  const made = since.at(-1);
  if (made?.version !== version || made.op === 'delete') return undefined;
  // What was changed after `current` was read is not in it.
  const later = since.filter((change) => change.version > version && change.version <= (current?.version ?? Infinity));
  if (!current && later[0]?.op !== 'delete') return undefined;
  const content: ChangedFields = Object.assign({}, current, ...later.map(({ before }) => before));
  const { at: updatedAt, actor: updatedBy } = made;
  const record = { ...(content as SyncedRecord), id: recordId, version, updatedAt: isoTime(updatedAt), updatedBy };
  // In the order of every other record, so that an answer that is given again is the same to the letter.
  return Object.fromEntries(SYNCED_FIELDS.map((field) => [field, record[field]])) as SyncedRecord;
}

/** What happened to a record from a version on, newest first. */
async function changesSince(executor: Executor, { workspaceId, recordId, version }: RecordVersion) {
  const rows = await executor
    .select({ version: changes.version, op: changes.op, before: changes.before, actor: changes.actor, at: changes.at })
    .from(changes)
    .where(and(eq(changes.workspaceId, workspaceId), eq(changes.recordId, recordId), gte(changes.version, version)))
    .orderBy(desc(changes.version));
  return rows.map((row) => ({ ...row, before: row.before as ChangedFields }));
}
