import { setTimeout as sleep } from 'node:timers/promises';
import { redisPid } from '../../../systems/redis-pid.ts';
import type { Fault } from '../fault.ts';

type Start = Fault['start'];

/** Time between what a stale copy holds and the end of the server. */
const STALE_AFTER_MS = 3_000;
/** What is left when everything is full. */
const SPARE_BYTES = 1_000;

export const kill: Start = async ({ stage: { redis } }) => {
  await redis.kill();
  return () => redis.start();
};

export const pause: Start = async ({ stage: { redis } }) => {
  const pid = await redisPid(redis);
  const goOn = (): void => void process.kill(pid, 'SIGCONT');
  // Stopped, it would outlive a run that is broken off.
  process.once('exit', goOn);
  process.kill(pid, 'SIGSTOP');
  return () => {
    process.off('exit', goOn);
    goOn();
  };
};

export const empty: Start = async ({ stage: { redis } }) => {
  await redis.command('FLUSHALL');
  return () => undefined;
};

export const trim: Start = async ({ stage: { redis, redisPrefix } }) => {
  const keys = (await redis.command('KEYS', `${redisPrefix}:*`)) as string[];
  for (const key of keys) {
    if ((await redis.command('TYPE', key)) === 'stream') await redis.command('XTRIM', key, 'MAXLEN', 0);
  }
  return () => undefined;
};

/** As a failover to a replica that was behind, or a restore: it is there at once, and has forgotten. */
export const restoreStale: Start = async ({ stage: { redis }, signal }) => {
  await redis.command('SAVE');
  await sleep(STALE_AFTER_MS, undefined, { signal });
  await redis.kill();
  await redis.start();
  return () => undefined;
};

export const fill: Start = async ({ stage: { redis } }) => {
  const info = String(await redis.command('INFO', 'memory'));
  const used = Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? 0);
  await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
  await redis.command('CONFIG', 'SET', 'maxmemory', used + SPARE_BYTES);
  return async () => {
    await redis.command('CONFIG', 'SET', 'maxmemory', 0);
  };
};

export const cutSubscriptions: Start = async ({ stage: { lines } }) => {
  lines['node-redis'].silenceMarked();
  return () => undefined;
};
