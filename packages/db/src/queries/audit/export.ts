import type { AuditFormat } from '@meldesync/protocol';
import { sql } from 'drizzle-orm';
import type { Database } from '../../connect.ts';
import type { Author } from '../administration/act.ts';
import { recordedFilter, recordLook } from './list-act.ts';
import { type DetailedEntry, detailRows } from './list-details.ts';
import { visibleIn } from './list-horizon.ts';
import { recordsOfView } from './list-records.ts';
import { momentOf, readRows } from './list-rows.ts';
import type { AuditPosition, AuditView } from './list-view.ts';
import { windowOf } from './list-window.ts';

export type { DetailedEntry } from './list-details.ts';
export type { LeafOfEntry } from './list-seals.ts';

/** An export that is on record and may be read. */
export interface BegunExport {
  readonly view: AuditView;
  /** When it began, as entries say it. */
  readonly at: string;
  /** It holds what this snapshot of the database shows, however long it takes. */
  readonly snapshot: string;
}

/** Puts on record that the entries of a view are taken along. */
export async function beginAuditExport(
  database: Database,
  { author, view, format }: { readonly author: Author; readonly view: AuditView; readonly format: AuditFormat },
): Promise<BegunExport> {
  await database.drizzle.transaction((tx) =>
    recordLook(tx, {
      author,
      kind: 'audit-exported',
      workspaceId: view.workspaceId,
      after: { filter: recordedFilter(view.filter), format },
    }),
  );
  // With the event in it.
  const { rows } = await database.drizzle.execute<{ at: string; snapshot: string }>(
    sql`select ${momentOf(sql`clock_timestamp()`)} as at, pg_current_snapshot()::text as snapshot`,
  );
  const [row] = rows;
  if (!row) throw new Error('the snapshot gave no row');
  return { view, ...row };
}

const PAGE = 1_000;

/** The entries of an export, oldest first. Each page is a transaction of its own, so that no long one delays seals. */
export async function* auditExportPages(
  database: Database,
  { view, snapshot }: BegunExport,
): AsyncGenerator<readonly DetailedEntry[]> {
  let from: AuditPosition | null = null;
  do {
    const page: ExportPage = await readPage(database, { view, from, snapshot });
    if (page.entries.length > 0) yield page.entries;
    from = page.next;
  } while (from !== null);
}

interface ExportPage {
  readonly entries: readonly DetailedEntry[];
  readonly next: AuditPosition | null;
}

async function readPage(
  database: Database,
  { view, from, snapshot }: { readonly view: AuditView; readonly from: AuditPosition | null; readonly snapshot: string },
): Promise<ExportPage> {
  return database.drizzle.transaction(
    async (tx) => {
      const records = await recordsOfView(tx, view);
      const until = await windowOf(tx, { view, records, direction: 'newer', from });
      const rows = await readRows(tx, {
        view,
        records,
        direction: 'newer',
        from,
        until,
        only: visibleIn(snapshot),
        hasContent: true,
        limit: PAGE,
      });
      const entries = await detailRows(tx, rows);
      const last = rows.at(-1);
      if (rows.length === PAGE && last) return { entries, next: { at: last.at, source: last.source, id: last.id } };
      return { entries, next: until === null ? null : { at: until, source: 'event', id: Number.MAX_SAFE_INTEGER } };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}
