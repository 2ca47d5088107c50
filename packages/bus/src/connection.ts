import { DISCONNECT_LIMIT_MS, redisAddress, watchHandshake, watchRedis } from '@meldesync/lifecycle';
import { Redis, type Result } from 'ioredis';
import { ADVANCE_MARKER } from './lua/advance-marker.ts';
import { APPEND_FRAME } from './lua/append-frame.ts';
import { CHECK_STREAM } from './lua/check-stream.ts';
import { DECIDE_LEVEL, LEAD_LEVEL } from './lua/decide-level.ts';
import { ADD_ANYWAY, SET_ANYWAY } from './lua/keep-anyway.ts';
import { NOTE_POINT, POST_STATUS } from './lua/post-status.ts';
import { RAISE_FENCE } from './lua/raise-fence.ts';

/** Where Redis is, and how long is waited for it. */
export interface ConnectOptions {
  /** `redis://…` or `rediss://…`, as `redisAddress` takes it */
  readonly url: string;
  /**
   * How long an answer may take; what waits for longer fails. 4 s when not said. With `null` what is asked waits until Redis is
   * back, and is asked again on each new connection.
   */
  readonly commandTimeoutMs?: number | null;
  /**
   * The connection waits in commands that Redis answers late on purpose, so that nobody asks beside them whether it lives: whoever
   * waits must give up by themselves.
   */
  readonly isBlocking?: boolean;
  /** What is asked while the connection is away waits for it; unless false, and then it fails at once. */
  readonly isQueueing?: boolean;
  /** The connection broke, fell silent or could not be made; it is made again by itself. */
  readonly onConnectionError: (error: Error) => void;
}

/** Where Redis is and under which names the feed lives there. */
export interface RedisOptions extends ConnectOptions {
  /** First part of every key and channel. */
  readonly prefix: string;
}

declare module 'ioredis' {
  interface RedisCommander<Context> {
    appendFrame(
      stream: string,
      fence: string,
      id: string,
      prev: string,
      txid: string,
      frame: string,
      maxLength: number,
      restart: '0' | '1',
      channel: string,
      message: string,
      changes: number,
      checksum: string,
      token: number,
      maxBytes: number,
    ): Result<'appended' | 'squeezed' | 'restarted' | 'duplicate' | 'gap' | 'diverged' | 'fenced', Context>;
    checkStream(stream: string, fence: string, token: number): Result<string, Context>;
    addAnyway(set: string, member: string): Result<number, Context>;
    setAnyway(key: string, value: string, seconds: number): Result<string, Context>;
    raiseFence(fence: string, token: number): Result<'raised' | 'fenced', Context>;
    advanceMarker(
      marker: string,
      expected: string,
      next: string,
      token: number,
    ): Result<'kept' | 'lost' | 'fenced', Context>;
    postStatus(status: string, all: string, process: string, text: string, ttlMs: number): Result<string, Context>;
    notePoint(
      history: string,
      all: string,
      process: string,
      point: string,
      kept: number,
      ttlMs: number,
    ): Result<string, Context>;
    leadLevel(lease: string, process: string, ttlMs: number): Result<0 | 1, Context>;
    decideLevel(
      lease: string,
      decision: string,
      process: string,
      text: string,
      ttlMs: number,
      channel: string,
    ): Result<0 | 1, Context>;
  }
}

const MAX_RETRY_DELAY_MS = 1_000;
const CONNECT_TIMEOUT_MS = 3_000;
const COMMAND_TIMEOUT_MS = 4_000;

/** A connection to Redis with an owner. */
export interface RedisConnection extends Disposable {
  readonly redis: Redis;
}

/**
 * Opens a connection that comes back by itself, also when its server falls silent. Commands wait for it while it is away, and
 * fail when their time is over. Disposed of, it fails all that still wait, whether the server is there or not.
 */
export function connectRedis(options: ConnectOptions): RedisConnection {
  const { commandTimeoutMs = COMMAND_TIMEOUT_MS } = options;
  let ending = false;
  const { url, ...secured } = redisAddress(options.url);
  const redis = new Redis(url, {
    ...secured,
    maxRetriesPerRequest: null,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...(commandTimeoutMs === null ? {} : { commandTimeout: commandTimeoutMs }),
    // What was given up is not to be done later.
    ...(options.isQueueing === false && { enableOfflineQueue: false, autoResendUnfulfilledCommands: false }),
    disconnectTimeout: DISCONNECT_LIMIT_MS,
    // Whoever subscribes does it again: of a subscription that ioredis makes by itself nobody hears that it failed.
    autoResubscribe: false,
    retryStrategy: (attempt) => (ending ? null : Math.min(50 * 2 ** Math.min(attempt, 6), MAX_RETRY_DELAY_MS)),
    scripts: {
      appendFrame: { lua: APPEND_FRAME, numberOfKeys: 2 },
      checkStream: { lua: CHECK_STREAM, numberOfKeys: 2 },
      addAnyway: { lua: ADD_ANYWAY, numberOfKeys: 1 },
      setAnyway: { lua: SET_ANYWAY, numberOfKeys: 1 },
      raiseFence: { lua: RAISE_FENCE, numberOfKeys: 1 },
      advanceMarker: { lua: ADVANCE_MARKER, numberOfKeys: 1 },
      postStatus: { lua: POST_STATUS, numberOfKeys: 2 },
      notePoint: { lua: NOTE_POINT, numberOfKeys: 2 },
      leadLevel: { lua: LEAD_LEVEL, numberOfKeys: 1 },
      decideLevel: { lua: DECIDE_LEVEL, numberOfKeys: 2 },
    },
  });
  redis.on('error', options.onConnectionError);
  const watch = options.isBlocking
    ? watchHandshake(redis, options.onConnectionError)
    : watchRedis(redis, () => redis.ping(), options.onConnectionError);
  return {
    redis,
    [Symbol.dispose]: () => {
      ending = true;
      watch[Symbol.dispose]();
      // Between two tries a disconnect would leave what waits without an answer: the next try is let happen, the last.
      if (redis.status === 'reconnecting') redis.once('connect', () => redis.disconnect(false));
      else redis.disconnect(false);
    },
  };
}

/** A connection for a question or two, not yet made: it is not made again, and what it is asked fails when it breaks. */
export function openRedisOnce(address: string, patienceMs: number): Redis {
  const { url, ...secured } = redisAddress(address);
  const redis = new Redis(url, {
    ...secured,
    lazyConnect: true,
    enableReadyCheck: false,
    // Every version speaks it, and only an answer can say that a version is too old.
    protocol: 2,
    connectTimeout: patienceMs,
    commandTimeout: patienceMs,
    retryStrategy: () => null,
  });
  // Whoever asks hears of it as the failure of what was asked.
  redis.on('error', () => {});
  return redis;
}
