import type { ImportStatus, ImportSummary } from '@meldesync/protocol';

/** How far a status is: an import only goes forward. */
const STAGE = { queued: 0, running: 1, paused: 2, finished: 6, failed: 6, cancelled: 6 } as const satisfies Record<
  ImportStatus,
  number
>;
/** One that somebody went on with waits again, and that is further than when it was paused. */
const CONTINUED = 3;

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
  const stageOf = ({ status, continuedBy }: ImportSummary) => STAGE[status] + (continuedBy === null ? 0 : CONTINUED);
  return stageOf(a) - stageOf(b) > 0 || (a.status === b.status && rowsRead(a) > rowsRead(b));
}
