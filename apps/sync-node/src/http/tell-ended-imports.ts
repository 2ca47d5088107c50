import type { EndedImport } from '@meldesync/db';
import type { ImportProgress, ImportSummary } from '@meldesync/protocol';
import type { ApiServices } from './api-context.ts';

/** Tells everybody that imports were cancelled or paused. Whoever does not hear it reads it in the list. */
export function tellEndedImports(
  services: Pick<ApiServices, 'notices' | 'logger' | 'onImportCancelled'>,
  ended: readonly EndedImport[],
  userId: string,
): void {
  for (const { workspaceId, summary } of ended) {
    if (summary.status === 'cancelled') services.onImportCancelled();
    const name = summary.status === 'paused' ? 'import-stopped' : 'import-cancelled';
    services.logger.event(name, { import: summary.id, user: userId });
    tellImport(services, workspaceId, summary);
  }
}

/** Tells everybody how an import stands. */
export function tellImport(
  { notices, logger }: Pick<ApiServices, 'notices' | 'logger'>,
  workspaceId: string,
  summary: ImportSummary,
): void {
  const message: ImportProgress = { type: 'import', import: summary };
  notices
    .publish(workspaceId, JSON.stringify(message))
    .catch((error: unknown) => logger.event('import-not-told', { err: error, import: summary.id }));
}
