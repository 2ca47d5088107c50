import { BusUnavailableError, connectRedis } from '@meldesync/bus';
import { IMPORT_QUEUE, type ImportJobData, importJobOptions, queuePrefix } from '@meldesync/jobs';
import { withTimeout } from '@meldesync/lifecycle';
import type { Operations } from '@meldesync/protocol';
import { Queue } from 'bullmq';

/** Tells the workers that a workspace has files to import. */
export interface ImportQueue extends AsyncDisposable {
  /**
   * Ends within 2 s. Where it rejects nothing is lost: the imports themselves are in Postgres, and a worker finds them there a
   * little later.
   */
  add(workspaceId: string): Promise<void>;
  /** How many workspaces wait for a turn, and have one. Rejects with a `BusUnavailableError` where Redis does not answer. */
  counts(): Promise<Operations['queue']>;
}

const ANSWER_LIMIT_MS = 2_000;

export function createImportQueue(options: {
  redisUrl: string;
  prefix: string;
  onError: (error: Error) => void;
}): ImportQueue {
  const connection = connectRedis({
    url: options.redisUrl,
    commandTimeoutMs: ANSWER_LIMIT_MS,
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
  const ask = <T>(question: () => Promise<T>): Promise<T> => {
    // What is asked in vain must not gather while Redis is away.
    if (connection.redis.status !== 'ready')
      return Promise.reject(new BusUnavailableError({ cause: `the connection is ${connection.redis.status}` }));
    return withTimeout(question(), ANSWER_LIMIT_MS, () => {
      throw new BusUnavailableError({ cause: `no answer within ${ANSWER_LIMIT_MS} ms` });
    });
  };
  return {
    add: async (workspaceId) => {
      await ask(() => queue.add('import', { workspaceId }, importJobOptions({ workspaceId })));
    },
    counts: async () => {
      const counts = await ask(() => queue.getJobCounts('waiting', 'active', 'delayed', 'failed'));
      const count = (state: string) => counts[state] ?? 0;
      return {
        waiting: count('waiting'),
        active: count('active'),
        delayed: count('delayed'),
        failed: count('failed'),
      };
    },
    [Symbol.asyncDispose]: async () => {
      await queue.close();
      connection[Symbol.dispose]();
    },
  };
}
