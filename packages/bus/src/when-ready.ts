import type { Redis } from 'ioredis';

/**
 * Makes a wait for a connection to stand, so that what is asked in vain does not gather while Redis is away. It rejects when the
 * connection cannot be made, or not in time; those who wait at once share it.
 */
export function createWhenReady(redis: Pick<Redis, 'status' | 'once' | 'off'>, limitMs: number): () => Promise<void> {
  let shared: Promise<void> | undefined;
  const wait = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        redis.off('ready', onReady);
        redis.off('error', onError);
        redis.off('end', onEnd);
        shared = undefined;
      };
      const onReady = (): void => {
        end();
        resolve();
      };
      const onError = (error: Error): void => {
        end();
        reject(error);
      };
      const onEnd = (): void => onError(new Error('the connection is over'));
      const timer = setTimeout(() => onError(new Error(`no connection within ${limitMs} ms`)), limitMs);
      redis.once('ready', onReady);
      redis.once('error', onError);
      redis.once('end', onEnd);
    });
  return () => {
    if (redis.status === 'ready') return Promise.resolve();
    if (redis.status === 'end') return Promise.reject(new Error('the connection is over'));
    shared ??= wait();
    return shared;
  };
}
