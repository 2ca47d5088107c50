import type { AuditEntry } from '@meldesync/protocol';
import { sql } from 'drizzle-orm';
import type { Database, Executor } from '../../connect.ts';
import type { Author } from '../administration/act.ts';
import { recordedFilter, recordLook } from './list-act.ts';
import { detailRows } from './list-details.ts';
import { readHorizon, since } from './list-horizon.ts';
import { recordsOfView } from './list-records.ts';
import { readRows, type RowsInput } from './list-rows.ts';
import type { AuditHorizon, AuditPosition, AuditSource, AuditView } from './list-view.ts';
import { windowOf } from './list-window.ts';

export { ForeignHorizonError } from './list-horizon.ts';
export type { AuditHorizon, AuditPosition, AuditView } from './list-view.ts';

/** A page of the trail, newest first. */
export interface AuditListPage {
  readonly entries: readonly AuditEntry[];
  /** Leads to older ones; null at the end. */
  readonly next: AuditPosition | null;
  /** Time up to which was looked; null at the end. */
  readonly searchedTo: string | null;
}

const SNAPSHOT = { isolationLevel: 'repeatable read' } as const;

/**
 * The newest entries of a view. That they were read is on record, in the same transaction: `read` is the id of that event, to which what
 * is read further belongs.
 */
export async function beginAuditList(
  database: Database,
  { author, view, limit }: { readonly author: Author; readonly view: AuditView; readonly limit: number },
): Promise<AuditListPage & { readonly read: number; readonly horizon: AuditHorizon }> {
  return database.drizzle.transaction(async (tx) => {
    const read = await recordLook(tx, {
      author,
      kind: 'audit-read',
      workspaceId: view.workspaceId,
      after: { filter: recordedFilter(view.filter) },
    });
    const horizon = await readHorizon(tx, null);
    return { ...(await readPage(tx, { view, from: null, limit })), read, horizon };
  }, SNAPSHOT);
}

/** Entries that are older than a position. */
export async function continueAuditList(
  database: Database,
  input: { readonly view: AuditView; readonly from: AuditPosition; readonly limit: number },
): Promise<AuditListPage> {
  return database.drizzle.transaction((tx) => readPage(tx, input), { ...SNAPSHOT, accessMode: 'read only' });
}

/**
 * What was committed since a horizon, and where that is now. `next` is null unless more came than fit. Throws a `ForeignHorizonError`.
 */
export async function pollAuditList(
  database: Database,
  input: {
    readonly view: AuditView;
    readonly horizon: AuditHorizon;
    /** The event of the list's own reading, which was not committed yet when the horizon was read. */
    readonly read: number;
    readonly limit: number;
  },
): Promise<AuditListPage & { readonly horizon: AuditHorizon }> {
  const { view, limit } = input;
  return database.drizzle.transaction(
    async (tx) => {
      const horizon = await readHorizon(tx, input.horizon);
      const records = await recordsOfView(tx, view);
      const isNew = since(input.horizon);
      const only = (source: AuditSource) =>
        source === 'event' ? sql`${isNew(source)} and x.id <> ${input.read}::bigint` : isNew(source);
      const page = await readDetailed(tx, { view, records, from: null, until: null, only }, limit);
      return { ...page, horizon };
    },
    { ...SNAPSHOT, accessMode: 'read only' },
  );
}

async function readPage(
  tx: Executor,
  { view, from, limit }: { readonly view: AuditView; readonly from: AuditPosition | null; readonly limit: number },
): Promise<AuditListPage> {
  const records = await recordsOfView(tx, view);
  const until = await windowOf(tx, { view, records, direction: 'older', from });
  return readDetailed(tx, { view, records, from, until }, limit);
}

async function readDetailed(
  tx: Executor,
  input: Omit<RowsInput, 'direction' | 'limit'>,
  limit: number,
): Promise<AuditListPage> {
  const rows = await readRows(tx, { ...input, direction: 'older', limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const entries = (await detailRows(tx, shown)).map(({ entry }) => entry);
  const last = shown.at(-1);
  if (rows.length > limit && last)
    return { entries, next: { at: last.at, source: last.source, id: last.id }, searchedTo: last.at };
  // All of that time was looked at: what comes next is older than any entry of it.
  const next = input.until === null ? null : ({ at: input.until, source: 'change', id: 0 } as const);
  return { entries, next, searchedTo: input.until };
}
