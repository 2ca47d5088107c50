import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis } from '@meldesync/bus';
import { type BackendFactory, QueueKeys, RedisConnection, RedisQueueBackend } from 'bullmq';

/** A pause after a refusal, which BullMQ would follow with the same question at once. */
const AFTER_REFUSAL_MS = 1_000;

/** How long is waited for a job before it is asked for again: what a line that fell silent meanwhile costs at most. */
export const WAIT_S = 2;

/** What BullMQ asks, on its way to Redis; tells each time that the question for the next job was answered. */
class ToldBackend extends RedisQueueBackend {
  onAnswer: () => void = () => undefined;

  /** Also where a pause of a job ends later, by whichever clock. */
  override get maximumBlockTimeout(): number {
    return WAIT_S;
  }

  override async moveToActive(token: string, name?: string) {
    try {
      const answer = await super.moveToActive(token, name);
      this.onAnswer();
      return answer;
    } catch (error) {
      await sleep(AFTER_REFUSAL_MS);
      throw error;
    }
  }
}

/** Where a worker gets its jobs from: two connections to Redis, which end with it whatever state BullMQ is in. */
export interface JobSource extends Disposable {
  /** For BullMQ's worker, which has to be given no connection of its own. */
  readonly backendFactory: BackendFactory<RedisQueueBackend>;
  /**
   * `coming-back`: Redis is away, and asked again and again. `gone`: the connection has ended, and does not come back by itself.
   */
  state(): 'ready' | 'coming-back' | 'gone';
  /** BullMQ's type wants a connection; the factory's are used. */
  readonly connection: ReturnType<typeof connectRedis>['redis'];
}

/**
 * Opens one. What is asked waits as long as Redis is away and is asked again afterwards, for BullMQ would take a question that
 * ran out of time for a job that failed; each connection is watched, so that it comes back. BullMQ makes its connections in a
 * way that can wait without an end: it does not limit the first words on a new one, and watches none.
 * @param onAnswer Redis answered the question for the next job, whether there is one or not
 */
export function openJobSource(options: {
  readonly redisUrl: string;
  /** Under which name BullMQ keeps everything. */
  readonly prefix: string;
  readonly onAnswer: () => void;
  readonly onConnectionError: (error: Error) => void;
}): JobSource {
  const shared = { url: options.redisUrl, commandTimeoutMs: null, onConnectionError: options.onConnectionError };
  const asking = connectRedis(shared);
  const waiting = connectRedis({ ...shared, isBlocking: true });
  // It belongs to us, is there at once, and Redis' version was looked at when the process started.
  const ours = { shared: true, skipWaitingForReady: true, skipVersionCheck: true };
  return {
    connection: asking.redis,
    backendFactory: (name, queueOptions) => {
      const keys = new QueueKeys(options.prefix);
      const backend = new ToldBackend(
        new RedisConnection(asking.redis, { ...ours, blocking: false }),
        name,
        keys.getKeys(name),
        (type) => keys.toKey(name, type),
        queueOptions,
        new RedisConnection(waiting.redis, { ...ours, blocking: true }),
      );
      backend.onAnswer = options.onAnswer;
      return backend;
    },
    state: () => {
      if (asking.redis.status === 'ready') return 'ready';
      return asking.redis.status === 'end' ? 'gone' : 'coming-back';
    },
    [Symbol.dispose]: () => {
      asking[Symbol.dispose]();
      waiting[Symbol.dispose]();
    },
  };
}
