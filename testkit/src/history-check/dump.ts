import { SYNCED_COLUMN_NAMES } from '@meldesync/db';
import { FIELDS } from '@meldesync/domain';
import { runSql } from '../test-database.ts';
import type { ShownConflictField, ShownRecord, Values } from './history-event.ts';

/** A row of `changes`. */
export interface DumpedChange {
  /** Place in the table. */
  readonly id: number;
  readonly record: number;
  readonly version: number;
  readonly op: 'insert' | 'update' | 'delete';
  readonly before: Values;
  readonly after: Values;
  readonly actor: string;
  readonly via: string;
  readonly operation: string | null;
  readonly importId: string | null;
  /** When it was committed, or, where Postgres does not keep that, written; epoch milliseconds of its clock. */
  readonly atMs: number;
}

/** A row of `conflicts`. */
export interface DumpedConflict {
  readonly id: string;
  readonly record: number;
  readonly actor: string;
  readonly operation: string;
  readonly baseVersion: number;
  readonly currentVersion: number;
  readonly fields: readonly ShownConflictField[];
  readonly overlaps: boolean;
}

/** What Postgres holds of a workspace in the end. */
export interface Dump {
  readonly records: readonly ShownRecord[];
  /** In the order of the table. */
  readonly changes: readonly DumpedChange[];
  readonly conflicts: readonly DumpedConflict[];
}

const CONTENT = FIELDS.map((field) => `'${field}', ${SYNCED_COLUMN_NAMES[field]}`).join(', ');

/** Reads everything of a workspace, in one state of the database. */
export async function dumpWorkspace(ownerUrl: string, workspace: string): Promise<Dump> {
  const [row] = await runSql(
    ownerUrl,
    `select
       (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'version', version, 'by', updated_by,
          'content', jsonb_build_object(${CONTENT})) order by id), '[]')
        from records where workspace_id = $1) as records,
       (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'record', record_id, 'version', version, 'op', op,
          'before', before, 'after', after, 'actor', actor, 'via', via, 'operation', operation, 'importId', import_id,
          'atMs', extract(epoch from at) * 1000, 'txid', txid) order by id), '[]')
        from changes where workspace_id = $1) as changes,
       (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'record', record_id, 'actor', 'user:' || user_id,
          'operation', operation, 'baseVersion', base_version, 'currentVersion', current_version, 'fields', fields,
          'overlaps', overlapping) order by at), '[]')
        from conflicts where workspace_id = $1) as conflicts`,
    [workspace],
  );
  const dump = row as unknown as Omit<Dump, 'changes'> & { readonly changes: (DumpedChange & { txid: string })[] };
  const committed = await commitTimes(ownerUrl, workspace);
  const changes = dump.changes.map(({ txid, ...change }) => ({ ...change, atMs: committed.get(txid) ?? change.atMs }));
  return { records: dump.records, changes, conflicts: dump.conflicts };
}

/** When each transaction was committed, where the server keeps that (`track_commit_timestamp`). */
async function commitTimes(ownerUrl: string, workspace: string): Promise<ReadonlyMap<string, number>> {
  const [setting] = await runSql(ownerUrl, 'show track_commit_timestamp');
  if (setting?.['track_commit_timestamp'] !== 'on') return new Map();
  const rows = await runSql(
    ownerUrl,
    `select txid, extract(epoch from pg_xact_commit_timestamp((txid::numeric % 4294967296)::text::xid)) * 1000 as at
     from (select distinct txid from changes where workspace_id = $1) as written`,
    [workspace],
  );
  return new Map(
    rows.flatMap((row) => (row['at'] === null ? [] : [[String(row['txid']), Number(row['at'])] as const])),
  );
}
