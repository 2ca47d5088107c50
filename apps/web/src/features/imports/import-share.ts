import type { ImportSummary } from '@meldesync/protocol';

/** How much of a file was taken over. */
export interface ImportShare {
  /** Rows that are in, whether or not they changed anything. */
  readonly taken: number;
  readonly rejected: number;
  /** Rows of the file; 0 while nobody has counted them. */
  readonly total: number;
  /** Rows that nobody looked at. */
  readonly left: number;
}

/** How many rows of a file were taken over, of how many: a service says how many it read, and which part of the file that is. */
export function takenOf({ rows, progress }: Pick<ImportSummary, 'rows' | 'progress'>): ImportShare {
  const taken = rows.new + rows.updated + rows.unchanged;
  const read = taken + rows.rejected;
  const total = progress > 0 ? Math.max(read, Math.round(read / progress)) : 0;
  return { taken, rejected: rows.rejected, total, left: total - read };
}
