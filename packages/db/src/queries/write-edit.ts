import { EDITABLE_FIELDS } from '@meldesync/domain';
import type { EditOutcome, SyncedRecord } from '@meldesync/protocol';
import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { records } from '../schema/index.ts';
import type { EditRecordsInput } from './edit-operation.ts';
import { columnOf } from './record-columns.ts';

/** A record before and after an item, both as they stand under its row lock. */
export interface RecordWrite {
  readonly current: SyncedRecord;
  readonly next: SyncedRecord;
}

/** What somebody wanted of a record that is not there any more. */
const OF_GONE: ReadonlySet<string> = new Set(['record-deleted', 'record-not-found']);

/**
 * Of what was wanted of records that are gone nothing is kept: somebody may come back with an edit of a case that was erased meanwhile. `firstAnswer`
 * knows the rest again.
 */
function keptItems({ items }: EditRecordsInput, outcomes: readonly EditOutcome[]): SQL {
  const isGone = items.map((_, at) => {
    const outcome = outcomes[at];
    return outcome?.outcome === 'rejected' && OF_GONE.has(outcome.code);
  });
  if (!isGone.includes(true)) return sql``;
  const kept = items.map(({ record, baseVersion, ...rest }, at) => ({
    record,
    baseVersion,
    ...(isGone[at] ? {} : rest),
  }));
  return sql`, items = ${JSON.stringify(kept)}::jsonb`;
}

const EDITED_COLUMNS = EDITABLE_FIELDS.map(columnOf);

/**
 * Writes all records of an edit, each if it is still at its version, and keeps the answer for a retry; in one round
 * trip, however many they are. Records that do not change are left alone. Throws, so that the transaction ends, when
 * a record did not get the version it was to have.
 */
export async function writeEdit(
  tx: Executor,
  input: EditRecordsInput,
  writes: readonly RecordWrite[],
  outcomes: readonly EditOutcome[],
): Promise<void> {
  const changed = writes.filter(({ current, next }) => next.version !== current.version);
  const values = (pick: (write: RecordWrite) => unknown): SQL => sql`${sql.param(changed.map(pick))}`;
  const edited = EDITABLE_FIELDS.map(
    (field) => sql`${values(({ next }) => next[field])}::${sql.raw(records[field].getSQLType())}[]`,
  );
  const { rows } = await tx.execute<{ id: string; version: number }>(sql`
    with updated as (
      update records set ${sql.raw(EDITED_COLUMNS.map((column) => `${column} = input.${column}`).join(', '))}
      from unnest(
        ${values(({ current }) => current.id)}::bigint[], ${values(({ current }) => current.version)}::int[],
        ${sql.join(edited, sql`, `)}
      ) as input(id, version, ${sql.raw(EDITED_COLUMNS.join(', '))})
      where records.workspace_id = ${input.workspaceId}::uuid
        and records.id = input.id and records.version = input.version
      returning records.id, records.version
    ), kept as (
      update edit_operations set outcomes = ${JSON.stringify(outcomes)}::jsonb${keptItems(input, outcomes)}
      where workspace_id = ${input.workspaceId}::uuid and operation = ${input.actor.operation}
    )
    select id, version from updated`);
  const versions = new Map(rows.map((row) => [Number(row.id), row.version]));
  for (const { next } of changed) {
    if (versions.get(next.id) !== next.version) throw new Error(`record ${next.id} changed under its row lock`);
  }
}
