import { BusUnavailableError, connectRedis } from '@meldesync/bus';
import { IMPORT_QUEUE, type ImportJobData, importJobOptions, queuePrefix } from '@meldesync/jobs';
import { withTimeout } from '@meldesync/lifecycle';
import { Queue } from 'bullmq';

/** Tells the workers that a workspace has files to import. */
export interface ImportQueue extends AsyncDisposable {
  /**
   * Ends within 2 s. Where it rejects nothing is lost: the imports themselves are in Postgres, and a worker finds them there a
   * little later.
   */
  add(workspaceId: string): Promise<void>;
}

const ADD_LIMIT_MS = 2_000;

export function createImportQueue(options: {
  redisUrl: string;
  prefix: string;
  onError: (error: Error) => void;
}): ImportQueue {
  const connection = connectRedis({
    url: options.redisUrl,
    commandTimeoutMs: ADD_LIMIT_MS,
    onConnectionError: options.onError,
  });
  // By itself BullMQ waits for its first connection without an end, and never works when a question of that time fails.
  const queue = new Queue<ImportJobData>(IMPORT_QUEUE, {
    connection: connection.redis,
    skipWaitingForReady: true,
    skipVersionCheck: true,
    prefix: queuePrefix(options.prefix),
  });
  // These are the connection's, which has told of them.
  queue.on('error', () => undefined);
  return {
    add: async (workspaceId) => {
      // What is asked in vain must not gather while Redis is away.
      if (connection.redis.status !== 'ready')
        throw new BusUnavailableError({ cause: `the connection is ${connection.redis.status}` });
      const added = queue.add('import', { workspaceId }, importJobOptions({ workspaceId }));
      await withTimeout(added, ADD_LIMIT_MS, () => {
        throw new BusUnavailableError({ cause: `no answer within ${ADD_LIMIT_MS} ms` });
      });
    },
    [Symbol.asyncDispose]: async () => {
      await queue.close();
      connection[Symbol.dispose]();
    },
  };
}
