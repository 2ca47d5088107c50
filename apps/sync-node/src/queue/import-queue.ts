import { IMPORT_QUEUE, type ImportJobData, importJobOptions, QUESTION_KEY, queuePrefix } from '@meldesync/jobs';
import { watchRedis } from '@meldesync/lifecycle';
import { Queue } from 'bullmq';

/** Tells the workers that a workspace has files to import. */
export interface ImportQueue extends AsyncDisposable {
  /** The imports themselves are in Postgres: where this fails, a worker finds them there a little later. */
  add(workspaceId: string): Promise<void>;
}

/** How long Redis may take: whoever uploads a file waits for it. */
const COMMAND_TIMEOUT_MS = 2_000;

export function createImportQueue(options: {
  redisUrl: string;
  prefix: string;
  onError: (error: Error) => void;
}): ImportQueue {
  const queue = new Queue<ImportJobData>(IMPORT_QUEUE, {
    connection: { url: options.redisUrl, enableOfflineQueue: false, commandTimeout: COMMAND_TIMEOUT_MS },
    prefix: queuePrefix(options.prefix),
  });
  queue.on('error', options.onError);
  const watch = queue.backend.client.then(
    (client) => watchRedis(client, () => client.get(QUESTION_KEY), options.onError),
    () => undefined,
  );
  return {
    add: async (workspaceId) => {
      await queue.add('import', { workspaceId }, importJobOptions({ workspaceId }));
    },
    [Symbol.asyncDispose]: async () => {
      watch.then((running) => running?.[Symbol.dispose](), options.onError);
      try {
        await queue.close();
      } catch (error) {
        // Redis is away and does not hear the good-bye; without this the connection would be tried for ever. The
        // queue's own `disconnect` waits for the end of a connection that is not there.
        options.onError(error instanceof Error ? error : new Error(String(error)));
        (await queue.backend.client).disconnect();
      }
    },
  };
}
