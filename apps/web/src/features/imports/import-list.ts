import type { ImportStatus, ImportSummary } from '@meldesync/protocol';

/** How far a status is: an import only goes forward. */
const STAGE = { queued: 0, running: 1, finished: 2, failed: 2, cancelled: 2 } as const satisfies Record<
  ImportStatus,
  number
>;

/**
 * The list, newest first, with what else is known of one import. The list may have been read before or after that: of two
 * states of an import the one that is further is the later one, and the other changes nothing.
 */
export function withImport(imports: readonly ImportSummary[], summary: ImportSummary): ImportSummary[] {
  const known = imports.find(({ id }) => id === summary.id);
  if (!known) return [summary, ...imports].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  if (isFurther(known, summary)) return [...imports];
  return imports.map((entry) => (entry.id === summary.id ? summary : entry));
}

/** Rows read so far. */
export function rowsRead({ rows }: Pick<ImportSummary, 'rows'>): number {
  return rows.new + rows.updated + rows.unchanged + rows.rejected;
}

function isFurther(a: ImportSummary, b: ImportSummary): boolean {
  return STAGE[a.status] - STAGE[b.status] > 0 || (a.status === b.status && rowsRead(a) > rowsRead(b));
}
