import { requireVersion, UnsupportedServer } from '@meldesync/lifecycle';
import { openRedisOnce } from './connection.ts';

const PATIENCE_MS = 5_000;

/**
 * Asks a Redis or Valkey whether its version is supported, and resolves with the error if it did not answer or may not say:
 * that it is away is no reason not to start.
 *
 * @param oldest the oldest version; the oldest that is supported unless given
 * @throws UnsupportedServer when it is too old
 */
export async function requireRedis(url: string, oldest?: string): Promise<Error | undefined> {
  const redis = openRedisOnce(url, PATIENCE_MS);
  try {
    await redis.connect();
    const info = await redis.info('server');
    const field = (name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
    // Valkey also names the version of Redis that it can stand in for.
    const valkey = field('valkey_version');
    const found = valkey ?? field('redis_version');
    if (found === undefined) throw new Error('it does not say its version');
    requireVersion(valkey === undefined ? 'Redis' : 'Valkey', found, new URL(url).host, oldest);
    return undefined;
  } catch (error) {
    if (error instanceof UnsupportedServer) throw error;
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    redis.disconnect();
  }
}
