import { z } from 'zod';

/** Name of the queue in which workspaces with files to import wait for their turn. */
export const IMPORT_QUEUE = 'imports';

/**
 * A turn of a workspace: its oldest unfinished import is worked through. The imports themselves are in Postgres, and Redis may
 * lose the job at any moment.
 */
export const importJob = z.object({ workspaceId: z.uuid() });
export type ImportJobData = z.infer<typeof importJob>;

/**
 * How a turn is queued. Its id is the workspace's, so a workspace waits in one place however many files it has, and two of them
 * are never worked through at once: the later one wins. An attempt that fails is made again with growing pauses.
 */
export function importJobOptions({ workspaceId }: ImportJobData) {
  return {
    jobId: workspaceId,
    attempts: 5,
    backoff: { type: 'exponential', delay: 500 },
    removeOnComplete: true,
    removeOnFail: true,
  } as const;
}
