import { requireVersion, UnsupportedServer } from '@meldesync/lifecycle';
import { openRedisOnce } from './connection.ts';

const PATIENCE_MS = 5_000;

/**
 * Asks a Redis or Valkey whether its version is supported, and resolves with the error if it did not answer or may not say:
 * that it is away is no reason not to start.
 *
 * @param oldest the oldest version; the oldest that is supported unless given
 * @throws UnsupportedServer when it is too old, when it refuses the sign-in, and when it has no such database
 */
export async function requireRedis(url: string, oldest?: string): Promise<Error | undefined> {
  const redis = openRedisOnce(url, PATIENCE_MS);
  // A sign-in that is refused is told of here alone; what was asked fails because the connection was closed.
  let reported: unknown;
  redis.on('error', (error: unknown) => {
    reported = error;
  });
  try {
    await redis.connect();
    // The driver has done so too, and goes on with database 0 where there is no such one.
    if (redis.options.db) await redis.select(redis.options.db).catch((error: unknown) => rejectDatabase(error, url));
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
    const refusal = refusalIn(error) ?? refusalIn(reported);
    if (refusal !== undefined) throw new UnsupportedServer(`Redis at ${new URL(url).host} ${refusal}`);
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    redis.disconnect();
  }
}

/** Words that an answer of Redis begins with: the sign-in is refused for what it says, or was missing. */
const REFUSALS: ReadonlySet<string> = new Set(['NOAUTH', 'WRONGPASS']);

function refusalIn(error: unknown): string | undefined {
  const [code = ''] = error instanceof Error ? error.message.split(' ', 1) : [];
  return REFUSALS.has(code)
    ? `refuses the sign-in (${code}); see user and password in REDIS_URL or LOCK_REDIS_URLS`
    : undefined;
}

/** Whether a database is there is asked once the sign-in was accepted: what is refused then is its number. */
function rejectDatabase(error: unknown, url: string): never {
  const isAnswer = error instanceof Error && 'command' in error && refusalIn(error) === undefined;
  const { host, pathname } = new URL(url);
  if (isAnswer)
    throw new UnsupportedServer(
      `Redis at ${host} has no database ${pathname.slice(1)}; see the number at the end of REDIS_URL or LOCK_REDIS_URLS`,
    );
  throw error;
}
