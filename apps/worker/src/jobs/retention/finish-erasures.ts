import type { StreamEraser } from '@meldesync/bus';
import { type Database, feedEnd, listOpenErasures, noteErased, type OpenErasure } from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import { redactArchives } from './redact-archive.ts';

export interface ErasureContext {
  readonly database: Database;
  readonly streams: StreamEraser;
  readonly archiveFolder: string | undefined;
  readonly logger: Pick<Logger, 'event'>;
}

/** Does what is left to do of erasures outside of the database. What fails is tried again at the next look. */
export async function finishErasures(context: ErasureContext): Promise<void> {
  const { database, logger } = context;
  for (const erasure of await listOpenErasures(database.drizzle)) {
    // Neither waits for the other.
    for (const [isDone, finish] of [
      [erasure.areStreamsDone, finishStreams],
      [erasure.areArchivesDone, finishArchives],
    ] as const)
      try {
        if (!isDone) await finish(context, erasure);
      } catch (error) {
        logger.event('erasure-unfinished', { err: error, workspace: erasure.workspaceId });
      }
  }
}

async function finishArchives({ database, archiveFolder, logger }: ErasureContext, erasure: OpenErasure) {
  const count = archiveFolder === undefined ? 0 : await redactArchives(archiveFolder, erasure);
  await noteErased(database.drizzle, erasure.id, 'archives');
  logger.event('archives-redacted', { workspace: erasure.workspaceId, count });
}

/**
 * A relay may append frames from before the erasure until it has confirmed that part of the log: until then they are dropped again and again.
 */
async function finishStreams({ database, streams, logger }: ErasureContext, erasure: OpenErasure) {
  const feed = await feedEnd(database.drizzle);
  if (feed) await streams.dropBefore(feed.epoch, erasure.workspaceId, erasure.logEnd);
  if (feed && !feed.isPast(erasure.logEnd)) return;
  const isRewritten = await streams.rewriteFiles();
  await noteErased(database.drizzle, erasure.id, 'streams');
  logger.event(isRewritten ? 'streams-trimmed' : 'redis-files-kept', { workspace: erasure.workspaceId });
}
