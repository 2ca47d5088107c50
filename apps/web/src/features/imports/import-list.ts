import type { ImportSummary } from '@meldesync/protocol';

/** The list, newest first, with the latest state of one import. A message older than what is known changes nothing. */
export function withImport(imports: readonly ImportSummary[], latest: ImportSummary): ImportSummary[] {
  const known = imports.find(({ id }) => id === latest.id);
  if (!known) return [latest, ...imports].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  if (hasEnded(known) && !hasEnded(latest)) return [...imports];
  return imports.map((entry) => (entry.id === latest.id ? latest : entry));
}

/** Whether nothing more will happen to the file. */
export function hasEnded({ status }: Pick<ImportSummary, 'status'>): boolean {
  return status === 'finished' || status === 'failed';
}

/** Rows read so far. */
export function rowsRead({ rows }: Pick<ImportSummary, 'rows'>): number {
  return rows.new + rows.updated + rows.unchanged + rows.rejected;
}
