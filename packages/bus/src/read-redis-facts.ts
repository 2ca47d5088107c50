import { openRedisOnce } from './connection.ts';

/** What a Redis or Valkey says of itself that MeldeSync stands on. Null is what it does not say, or not to us. */
export interface RedisServerFacts {
  readonly kind: 'Redis' | 'Valkey';
  readonly version: string;
  /** Bytes; 0 for no limit. */
  readonly maxMemory: number | null;
  readonly usedMemory: number | null;
  readonly maxMemoryPolicy: string | null;
  readonly appendsOnly: boolean | null;
  /** It could not write to its disk, and therefore takes nothing. */
  readonly isStuck: boolean;
  /** Classes of events that it tells of each key; empty for none. */
  readonly notifies: string | null;
  /** It only follows another one, and takes no writes. */
  readonly isReplica: boolean;
}

const PATIENCE_MS = 5_000;

/** Reads them. Rejects where it does not answer, or refuses the sign-in. */
export async function readRedisFacts(url: string): Promise<RedisServerFacts> {
  const redis = openRedisOnce(url, PATIENCE_MS);
  try {
    await redis.connect();
    const info = await redis.info();
    const field = (name: string): string | null => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1] ?? null;
    const number = (name: string): number | null => (field(name) === null ? null : Number(field(name)));
    const setting = (name: string) => settingOf(() => redis.config('GET', name));
    const appendsOnly = field('aof_enabled');
    // Valkey also names the version of Redis that it can stand in for.
    const valkey = field('valkey_version');
    return {
      kind: valkey === null ? 'Redis' : 'Valkey',
      version: valkey ?? field('redis_version') ?? '0',
      maxMemory: number('maxmemory'),
      usedMemory: number('used_memory'),
      maxMemoryPolicy: field('maxmemory_policy'),
      appendsOnly: appendsOnly === null ? null : appendsOnly === '1',
      isStuck:
        field('aof_last_write_status') === 'err' ||
        (field('rdb_last_bgsave_status') === 'err' && (await needsSnapshots(setting))),
      notifies: await setting('notify-keyspace-events'),
      isReplica: field('role') === 'slave',
    };
  } finally {
    redis.disconnect();
  }
}

/** Whether it takes nothing after a snapshot that failed; so where it does not say, as by default. */
async function needsSnapshots(setting: (name: string) => Promise<string | null>): Promise<boolean> {
  const [save, stops] = [await setting('save'), await setting('stop-writes-on-bgsave-error')];
  return save !== '' && stops !== 'no';
}

/** Null where settings are not for us to read: those who offer Redis as a service forbid CONFIG. */
async function settingOf(ask: () => Promise<unknown>): Promise<string | null> {
  try {
    const answer = await ask();
    const [, value] = Array.isArray(answer) ? answer : (Object.entries(answer as Record<string, unknown>)[0] ?? []);
    return typeof value === 'string' ? value : null;
  } catch (error) {
    if (error instanceof Error && /unknown command|NOPERM|not allowed/i.test(error.message)) return null;
    throw error;
  }
}
