import { requireVersion, UnsupportedServer } from '@meldesync/lifecycle';
import type { Redis } from 'ioredis';
import { CLUSTER_FORMAT, worksBeside } from './cluster-format.ts';
import { openRedisOnce } from './connection.ts';
import { operationsKeys } from './operations-keys.ts';

const PATIENCE_MS = 5_000;

export interface RedisNeeds {
  /** `redis://…` or `rediss://…` */
  readonly url: string;
  /** First part of the keys of the cluster that the program joins; none where it joins none there. */
  readonly prefix?: string;
  /** The oldest version; the oldest that is supported unless given. */
  readonly oldest?: string;
}

/**
 * Asks a Redis or Valkey whether a program can work with it, and resolves with the error if it did not answer or may not say:
 * that it is away is no reason not to start.
 *
 * @throws UnsupportedServer when it is too old, or a process is at work in the cluster that this one does not work beside
 */
export async function requireRedis({ url, prefix, oldest }: RedisNeeds): Promise<Error | undefined> {
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
    if (prefix !== undefined) await requireNeighbours(redis, prefix);
    return undefined;
  } catch (error) {
    if (error instanceof UnsupportedServer) throw error;
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    redis.disconnect();
  }
}

/** What any release says of itself in its status. */
interface Neighbour {
  readonly kind: string;
  readonly name: string;
  readonly format: number;
}

/** Undefined for what cannot be read: it says nothing of a format, and whoever reads the board tells of it. */
function readNeighbour(posted: string | null): Neighbour | undefined {
  try {
    const told: unknown = JSON.parse(posted?.slice(posted.indexOf(' ') + 1) ?? '');
    // Releases that told none had the first.
    const { kind, name, format } = { format: 1, ...(told as Partial<Neighbour>) };
    const isOne = typeof kind === 'string' && typeof name === 'string' && Number.isSafeInteger(format);
    return isOne ? { kind, name, format } : undefined;
  } catch {
    return undefined;
  }
}

/** A status counts for 10 s, so who has ended keeps nobody from starting for longer. */
async function requireNeighbours(redis: Redis, prefix: string): Promise<void> {
  const keys = operationsKeys(prefix);
  const processes = await redis.smembers(keys.statuses);
  if (processes.length === 0) return;
  for (const posted of await redis.mget(processes.map(keys.status))) {
    const neighbour = readNeighbour(posted);
    if (!neighbour || worksBeside(neighbour.format)) continue;
    const { kind, name, format } = neighbour;
    const which = format > CLUSTER_FORMAT ? 'a newer' : 'an older';
    throw new UnsupportedServer(
      `the ${kind} ${name} is at work and is of ${which} release (format ${format}) that this one (format ${CLUSTER_FORMAT}) does not work beside: ` +
        'releases work together with the one before and the one after; go through those in between, or stop all processes first',
    );
  }
}
