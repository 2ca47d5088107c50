import type { EndedImport } from '@meldesync/db';
import type { ImportProgress } from '@meldesync/protocol';
import type { ApiServices } from './api-context.ts';

/** Tells everybody that imports were cancelled. Whoever does not hear it reads it in the list. */
export function tellEndedImports(
  { notices, logger, onImportCancelled }: Pick<ApiServices, 'notices' | 'logger' | 'onImportCancelled'>,
  ended: readonly EndedImport[],
  userId: string,
): void {
  for (const { workspaceId, summary } of ended) {
    onImportCancelled();
    logger.event('import-cancelled', { import: summary.id, user: userId });
    const message: ImportProgress = { type: 'import', import: summary };
    notices
      .publish(workspaceId, JSON.stringify(message))
      .catch((error: unknown) => logger.event('import-not-told', { err: error, import: summary.id }));
  }
}
