import { setTimeout as sleep } from 'node:timers/promises';
import { AWAKE_TIMERS } from './awake-timers.ts';
import { withTimeout } from './with-timeout.ts';

/** Redis left a question unanswered for too long: it, or the way there, is gone without a word. */
export class RedisSilentError extends Error {
  constructor(limitMs: number) {
    super(`Redis did not answer within ${limitMs} ms`);
    this.name = 'RedisSilentError';
  }
}

/** Redis took a connection and then said nothing: a line that is half open, or a server that is still loading. */
export class RedisHandshakeError extends Error {
  constructor(limitMs: number) {
    super(`a connection to Redis was of no use within ${limitMs} ms`);
    this.name = 'RedisHandshakeError';
  }
}

type ConnectionEvent = 'connect' | 'ready' | 'close';

/** What of a connection is watched. */
export interface Watched {
  readonly status: string;
  disconnect(reconnect: boolean): void;
  on(event: ConnectionEvent, listener: () => void): unknown;
  off(event: ConnectionEvent, listener: () => void): unknown;
}

/** Together at most 6 s: so long a dead connection may go unnoticed. */
const PING_EVERY_MS = 1_500;
const PING_LIMIT_MS = 4_000;
/** From a connection that stands to one that can be asked. */
const HANDSHAKE_LIMIT_MS = 4_000;
const AGAIN_MS = 100;
/** How long a server may take to hear that its connection ends; a silent one never does. */
export const DISCONNECT_LIMIT_MS = 250;

/** Asks until there is an answer, whichever, or the connection does not stand: while it is being made other limits hold. */
async function askUntilAnswered(
  redis: Watched,
  question: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<'answered' | 'away'> {
  while (redis.status === 'ready' && !signal.aborted) {
    try {
      await question();
      return 'answered';
    } catch (error) {
      // A refusal is an answer. Anything else is a limit of ioredis's own, which knows nothing of a process that stood still.
      if (error instanceof Error && error.name === 'ReplyError') return 'answered';
      await sleep(AGAIN_MS);
    }
  }
  return 'away';
}

/**
 * Has a connection made anew that stands and does not become usable in time. ioredis limits how long connecting takes, and waits
 * for ever for the answer to its first words, unless every command has a limit; so a line that dies just then would stay.
 */
export function watchHandshake(redis: Watched, onSilent: (error: Error) => void): Disposable {
  let limit: { cancel(): void } | undefined;
  const end = (): void => {
    limit?.cancel();
    limit = undefined;
  };
  const begin = (): void => {
    end();
    limit = AWAKE_TIMERS.after(HANDSHAKE_LIMIT_MS, () => {
      if (redis.status !== 'connect') return;
      onSilent(new RedisHandshakeError(HANDSHAKE_LIMIT_MS));
      redis.disconnect(true);
    });
  };
  redis.on('connect', begin);
  redis.on('ready', end);
  redis.on('close', end);
  if (redis.status === 'connect') begin();
  return {
    [Symbol.dispose]: () => {
      end();
      redis.off('connect', begin);
      redis.off('ready', end);
      redis.off('close', end);
    },
  };
}

/**
 * Asks a connection to Redis now and then whether it lives, and has it made anew where no answer comes: by itself ioredis
 * notices a cable that was pulled after a quarter of an hour. `question` is any that Redis answers at once; must not watch one
 * that waits in a blocking command.
 */
export function watchRedis(
  redis: Watched,
  question: () => Promise<unknown>,
  onSilent: (error: Error) => void,
): Disposable {
  const handshake = watchHandshake(redis, onSilent);
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const ask = async (): Promise<void> => {
    const patience = new AbortController();
    const giveUp = (): 'silent' => {
      patience.abort();
      return 'silent';
    };
    const outcome = await withTimeout(
      askUntilAnswered(redis, question, patience.signal),
      PING_LIMIT_MS,
      giveUp,
      AWAKE_TIMERS,
    );
    // A question of before is asked again on the next connection, which has its own time to become usable.
    if (outcome === 'silent' && redis.status === 'ready' && !isOver) {
      onSilent(new RedisSilentError(PING_LIMIT_MS));
      redis.disconnect(true);
    }
    askLater();
  };
  const askLater = (): void => {
    if (!isOver) timer = setTimeout(() => void ask(), PING_EVERY_MS);
  };
  askLater();
  return {
    [Symbol.dispose]: () => {
      isOver = true;
      clearTimeout(timer);
      handshake[Symbol.dispose]();
    },
  };
}
