import { UnsupportedServer } from '@meldesync/lifecycle';
import type { Redis } from 'ioredis';

/** Who works with a Redis; `locks` is a node with one of those that only count votes. */
export type RedisWorker = 'node' | 'relay' | 'worker' | 'locks';

type Command = readonly [name: string, ...args: string[]];

const SCRIPT: Command = ['eval', 'return 1', '0'];

/**
 * For each of them what it cannot work without and its user may, with names that nobody uses, so that nothing changes. At least one is what
 * no other user may: who was mixed up starts, and fails only when someone works.
 */
const TRIALS: Readonly<Record<RedisWorker, readonly Command[]>> = {
  node: [
    ['exists', '{rights}:feed2:rights'],
    ['del', '{rights}:presence'],
    ['del', 'limits:rights'],
    ['publish', '{rights}:state', ''],
    SCRIPT,
  ],
  relay: [['del', '{rights}:fence:rights'], ['del', 'marker:rights'], ['publish', '{rights}:frames', ''], SCRIPT],
  worker: [
    ['del', 'jobs:rights'],
    ['del', '{rights}:feed2:rights'],
    ['publish', '{rights}:notices', ''],
    ['bzpopmin', 'jobs:rights', '0.01'],
    SCRIPT,
  ],
  locks: [['del', '{rights}:lock:rights'], SCRIPT],
};

/**
 * Tries as the user of an address what a process does in Redis.
 *
 * @param prefix first part of all keys
 * @throws UnsupportedServer with what the user may not; an error of Redis where it cannot say
 */
export async function requireRedisRights(
  redis: Redis,
  url: string,
  worker: RedisWorker,
  prefix: string,
): Promise<void> {
  for (const command of TRIALS[worker]) {
    const [name, ...args] = behind(prefix, command);
    try {
      await redis.call(name, ...args);
    } catch (error) {
      if (isDenied(error)) throw new UnsupportedServer(lacking(url, worker, `${name} ${args.join(' ')}`));
      throw error;
    }
  }
}

function behind(prefix: string, command: Command): Command {
  const [name, key = '', ...rest] = command;
  return command === SCRIPT ? command : [name, `${prefix}:${key}`, ...rest];
}

export function isDenied(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOPERM');
}

/** What is said of a user who may not do what was tried. */
export function lacking(url: string, worker: RedisWorker | undefined, tried: string): string {
  const { host, username } = new URL(url);
  const user = username === '' ? 'who signs in without a name' : `the user ${decodeURIComponent(username)}`;
  const settings = worker === 'locks' ? 'LOCK_REDIS_URLS' : 'REDIS_URL';
  return (
    `Redis at ${host} does not let ${user} do what a ${worker === 'relay' || worker === 'worker' ? worker : 'node'} does (${tried.trim()}); ` +
    `see whose name is in ${settings}, the prefix in REDIS_PREFIX, and its rights in deploy/redis/users.acl`
  );
}
