import { z } from 'zod';

/** Name of the queue in which imports wait. */
export const IMPORT_QUEUE = 'imports';

/** What a job carries: the import itself is in Postgres, and Redis may lose its job at any moment. */
export const importJob = z.object({ importId: z.uuid() });
export type ImportJobData = z.infer<typeof importJob>;

/** How a job is queued. Its id is the import's, so an import has one at most; it is tried again with growing pauses. */
export function importJobOptions({ importId }: ImportJobData) {
  return {
    jobId: importId,
    attempts: 5,
    backoff: { type: 'exponential', delay: 500 },
    removeOnComplete: true,
    removeOnFail: true,
  } as const;
}
