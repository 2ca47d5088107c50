import type { AuditEntry, AuditPage } from '@meldesync/protocol';
import { sql } from 'drizzle-orm';
import type { Database, Executor } from '../../connect.ts';
import type { Author } from '../administration/act.ts';
import { recordedFilter, recordLook } from './list-act.ts';
import { detailRows } from './list-details.ts';
import { readHorizon, since } from './list-horizon.ts';
import { recordsOfView } from './list-records.ts';
import { type RowsInput, readRows } from './list-rows.ts';
import { sealsOf } from './list-seals.ts';
import type { AuditDirection, AuditEnd, AuditHorizon, AuditPosition, AuditSource, AuditView } from './list-view.ts';
import { windowOf } from './list-window.ts';

export { ForeignHorizonError } from './list-horizon.ts';
export type { AuditDirection, AuditEnd, AuditHorizon, AuditPosition, AuditView } from './list-view.ts';

/** A page of the trail, newest first. */
export interface AuditListPage {
  readonly entries: readonly AuditEntry[];
  /** Leads to older ones; null at the end. */
  readonly next: AuditPosition | null;
  /** Leads to newer ones, in a list that was begun at the oldest; null where nothing newer is. */
  readonly previous: AuditPosition | null;
  /** Time up to which was looked; null at the end. */
  readonly searchedTo: string | null;
}

const SNAPSHOT = { isolationLevel: 'repeatable read' } as const;

/**
 * The newest entries of a view, or the oldest. That they were read is on record, in the same transaction: `read` is the id of that event, to which what
 * is read further belongs.
 */
export async function beginAuditList(
  database: Database,
  {
    author,
    view,
    limit,
    end = 'newest',
  }: { readonly author: Author; readonly view: AuditView; readonly limit: number; readonly end?: AuditEnd | undefined },
): Promise<AuditListPage & { readonly read: number; readonly horizon: AuditHorizon }> {
  return database.drizzle.transaction(async (tx) => {
    const read = await recordLook(tx, {
      author,
      kind: 'audit-read',
      workspaceId: view.workspaceId,
      after: { filter: recordedFilter(view.filter) },
    });
    const horizon = await readHorizon(tx, null);
    const direction = end === 'newest' ? 'older' : 'newer';
    return { ...(await readPage(tx, { view, from: null, direction, limit })), read, horizon };
  }, SNAPSHOT);
}

/** Entries that are older than a position, or newer. */
export async function continueAuditList(
  database: Database,
  {
    direction = 'older',
    ...input
  }: {
    readonly view: AuditView;
    readonly from: AuditPosition;
    readonly limit: number;
    readonly direction?: AuditDirection;
  },
): Promise<AuditListPage> {
  return database.drizzle.transaction((tx) => readPage(tx, { ...input, direction }), {
    ...SNAPSHOT,
    accessMode: 'read only',
  });
}

/**
 * What was committed since a horizon, and where that is now. `next` is null unless more came than fit. Throws a `ForeignHorizonError`.
 * `seals` are those of the entries that `unsealed` names by their keys.
 */
export async function pollAuditList(
  database: Database,
  input: {
    readonly view: AuditView;
    readonly horizon: AuditHorizon;
    /** The event of the list's own reading, which was not committed yet when the horizon was read. */
    readonly read: number;
    readonly limit: number;
    readonly unsealed?: readonly string[];
  },
): Promise<AuditListPage & { readonly horizon: AuditHorizon; readonly seals: AuditPage['seals'] }> {
  const { view, limit, unsealed = [] } = input;
  return database.drizzle.transaction(
    async (tx) => {
      const horizon = await readHorizon(tx, input.horizon);
      const records = await recordsOfView(tx, view);
      const isNew = since(input.horizon);
      const only = (source: AuditSource) =>
        source === 'event' ? sql`${isNew(source)} and x.id <> ${input.read}::bigint` : isNew(source);
      const page = await readDetailed(tx, { view, records, direction: 'older', from: null, until: null, only }, limit);
      return { ...page, horizon, seals: await sealsOf(tx, view, unsealed) };
    },
    { ...SNAPSHOT, accessMode: 'read only' },
  );
}

async function readPage(
  tx: Executor,
  { limit, ...input }: Pick<RowsInput, 'view' | 'direction' | 'from'> & { readonly limit: number },
): Promise<AuditListPage> {
  const records = await recordsOfView(tx, input.view);
  const until = await windowOf(tx, { ...input, records });
  return readDetailed(tx, { ...input, records, until }, limit);
}

async function readDetailed(tx: Executor, input: Omit<RowsInput, 'limit'>, limit: number): Promise<AuditListPage> {
  const rows = await readRows(tx, { ...input, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const entries = (await detailRows(tx, shown)).map(({ entry }) => entry);
  const on = rows.length > limit ? placeOf(shown.at(-1)) : edgeOf(input);
  const searchedTo = on?.at ?? null;
  return input.direction === 'older'
    ? { entries, next: on, previous: null, searchedTo }
    : { entries: entries.toReversed(), next: null, previous: on, searchedTo };
}

function placeOf(row: AuditPosition | undefined): AuditPosition | null {
  return row ? { at: row.at, source: row.source, id: row.id } : null;
}

/** All of that time was looked at: what comes next is beyond any entry of it. Null where nothing comes. */
function edgeOf({ direction, until }: Pick<RowsInput, 'direction' | 'until'>): AuditPosition | null {
  if (until === null) return null;
  return direction === 'older'
    ? { at: until, source: 'change', id: 0 }
    : { at: until, source: 'event', id: Number.MAX_SAFE_INTEGER };
}
