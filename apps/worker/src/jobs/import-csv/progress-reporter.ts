import type { NoticePublisher } from '@meldesync/bus';
import { hasImportEnded, type ImportProgress, type ImportSummary } from '@meldesync/protocol';

/** At most this often for one import; screens cannot show more. */
const INTERVAL_MS = 250;

/** Tells a workspace's screens how an import stands: often enough to look live, and always when it ends. */
export function createProgressReporter(notices: NoticePublisher, onError: (error: unknown) => void) {
  let lastAt = 0;
  return (workspaceId: string, summary: ImportSummary): void => {
    const now = Date.now();
    if (!hasImportEnded(summary) && now - lastAt < INTERVAL_MS) return;
    lastAt = now;
    const message: ImportProgress = { type: 'import', import: summary };
    notices.publish(workspaceId, JSON.stringify(message)).catch(onError);
  };
}
