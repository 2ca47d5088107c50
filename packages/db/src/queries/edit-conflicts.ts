import { randomUUID } from 'node:crypto';
import { CONFLICTING_FIELDS, isEditable } from '@meldesync/domain';
import type { ConflictField, EditItem, EditOutcome, SyncedRecord } from '@meldesync/protocol';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { conflicts } from '../schema/index.ts';
import { type ConflictEvent, conflictResolved } from './audit/record-conflicts.ts';
import type { EditRecordsInput } from './edit-operation.ts';
import type { EditFacts } from './judge-edit.ts';
import { isoTime, toSyncedRecord } from './record-columns.ts';

/** An item that met a newer version of its record. */
export interface StaleItem {
  readonly item: EditItem;
  readonly current: SyncedRecord;
}

type ConflictOutcome = Extract<EditOutcome, { outcome: 'conflict' }>;

interface ChangedField {
  readonly base: ConflictField['base'];
  readonly changed: NonNullable<ConflictField['changed']>;
}

/** Locks the conflicts that items say they resolve, as far as they are the person's and of those records. */
export async function lockOwnConflicts(tx: Executor, input: EditRecordsInput): Promise<EditFacts['ownConflicts']> {
  const resolving = input.items.flatMap((item) => item.resolves?.conflict ?? []);
  if (resolving.length === 0) return new Map();
  const rows = await tx
    .select({ id: conflicts.id, record: conflicts.recordId, resolution: conflicts.resolution })
    .from(conflicts)
    .where(
      and(
        eq(conflicts.workspaceId, input.workspaceId),
        eq(conflicts.userId, input.actor.userId),
        inArray(conflicts.id, resolving),
        inArray(
          conflicts.recordId,
          input.items.map((item) => item.record),
        ),
      ),
    )
    .orderBy(asc(conflicts.id))
    .for('update');
  return new Map(rows.map(({ id, record, resolution }) => [id, { record, isOpen: resolution === null }]));
}

/** Explains each conflict field by field and stores it (R2.2, R5.2). */
export async function storeConflicts(
  tx: Executor,
  input: EditRecordsInput,
  stale: readonly StaleItem[],
): Promise<ConflictOutcome[]> {
  if (stale.length === 0) return [];
  const changed = await changedSinceBase(tx, stale);
  const outcomes = stale.map(({ item, current }): ConflictOutcome => {
    const fields = conflictFields(item, current, changed.get(item.record));
    return {
      record: item.record,
      outcome: 'conflict',
      baseVersion: item.baseVersion,
      current: toSyncedRecord(current),
      conflict: randomUUID(),
      fields,
      overlaps: fields.some((field) => field.attempted !== undefined && field.changed !== undefined),
    };
  });
  await tx.insert(conflicts).values(
    outcomes.map((outcome) => ({
      id: outcome.conflict,
      workspaceId: input.workspaceId,
      recordId: outcome.record,
      userId: input.actor.userId,
      via: input.actor.via,
      operation: input.actor.operation,
      baseVersion: outcome.baseVersion,
      currentVersion: outcome.current.version,
      fields: outcome.fields,
      overlaps: outcome.overlaps,
    })),
  );
  return outcomes;
}

/**
 * Settles the conflicts that accepted items resolve; where the item met a new one, that takes the old one's place. What is to be on record
 * of it.
 */
export async function settleConflicts(
  tx: Executor,
  input: EditRecordsInput,
  outcomes: ReadonlyMap<number, EditOutcome>,
): Promise<ConflictEvent[]> {
  const settled = input.items.flatMap(({ record, resolves }) => {
    const outcome = outcomes.get(record);
    if (!resolves || !outcome || outcome.outcome === 'rejected') return [];
    const supersededBy = outcome.outcome === 'conflict' ? outcome.conflict : null;
    return [{ id: resolves.conflict, record, resolution: supersededBy ? 'superseded' : resolves.as, supersededBy }];
  });
  if (settled.length === 0) return [];
  const result = await tx.execute(sql`
    update conflicts set resolution = settled.resolution, superseded_by = settled.superseded_by,
      resolved_by = ${input.actor.userId}, resolved_at = clock_timestamp(), resolved_operation = ${input.actor.operation}
    from unnest(
      ${sql.param(settled.map((one) => one.id))}::uuid[],
      ${sql.param(settled.map((one) => one.resolution))}::text[],
      ${sql.param(settled.map((one) => one.supersededBy))}::uuid[]
    ) as settled(id, resolution, superseded_by)
    where conflicts.id = settled.id and conflicts.resolution is null`);
  if (result.rowCount !== settled.length) throw new Error('a conflict was settled under its row lock');
  const { workspaceId, actor } = input;
  return settled.map(({ id, ...one }) =>
    conflictResolved({ ...one, workspaceId, conflict: id.toLowerCase(), operation: actor.operation }),
  );
}

/** Of each stale item's record: what changed after the version it is based on, by the audit trail. */
async function changedSinceBase(
  tx: Executor,
  stale: readonly StaleItem[],
): Promise<Map<number, Map<string, ChangedField>>> {
  const { rows } = await tx.execute<{
    record: string;
    field: string;
    base: ConflictField['base'];
    by: string;
    at: string;
    version: number;
  }>(sql`
    select changes.record_id as record, old.key as field,
      (array_agg(old.value order by changes.version))[1] as base,
      (array_agg(changes.actor order by changes.version desc))[1] as by,
      (array_agg(changes.at::text order by changes.version desc))[1] as at,
      max(changes.version) as version
    from unnest(
      ${sql.param(stale.map(({ item }) => item.record))}::bigint[],
      ${sql.param(stale.map(({ item }) => item.baseVersion))}::int[]
    ) as stale(record, base)
    join changes on changes.record_id = stale.record and changes.version > stale.base and changes.op = 'update'
    cross join lateral jsonb_each(changes.before) as old
    group by changes.record_id, old.key`);
  const byRecord = new Map<number, Map<string, ChangedField>>();
  for (const { record, field, base, by, at, version } of rows) {
    const ofRecord = byRecord.get(Number(record)) ?? new Map<string, ChangedField>();
    byRecord.set(Number(record), ofRecord.set(field, { base, changed: { by, at: isoTime(at), version } }));
  }
  return byRecord;
}

/** The fields that were to be set and those that changed since the base. */
function conflictFields(
  { set }: EditItem,
  current: SyncedRecord,
  changed: ReadonlyMap<string, ChangedField> | undefined,
): ConflictField[] {
  return CONFLICTING_FIELDS.flatMap((field) => {
    const attempted = isEditable(field) ? set[field] : undefined;
    const since = changed?.get(field);
    if (attempted === undefined && since === undefined) return [];
    return {
      field,
      base: since ? since.base : current[field],
      current: current[field],
      ...(attempted === undefined ? {} : { attempted }),
      ...(since ? { changed: since.changed } : {}),
    };
  });
}
