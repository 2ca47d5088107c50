import { setTimeout as sleep } from 'node:timers/promises';
import { redisPid } from '../../../systems/redis-pid.ts';
import { countStopped, redisFigure, redisRun } from '../evidence.ts';
import type { Fault } from '../fault.ts';
import { watchWithoutRedis } from '../without-redis.ts';

type Start = Fault['start'];

/** Time between what a stale copy holds and the end of the server. */
const STALE_AFTER_MS = 3_000;
/** What is left when everything is full. */

export const kill: Start = async ({ stage: { redis } }) => {
  const before = await redisRun(redis);
  await redis.kill();
  return {
    mend: async () => {
      await redis.start();
      return (await redisRun(redis)) === before ? 0 : 1;
    },
  };
};

/** As `kill`, and meanwhile people must be able to work by hand on each node. */
export const away: Start = async (scene) => {
  const watched = await scene.stage.addWorkspace();
  return { ...(await kill(scene)), watch: (signal) => watchWithoutRedis(scene.stage, watched, signal) };
};

export const pause: Start = async ({ stage: { redis } }) => {
  const pid = await redisPid(redis);
  const goOn = (): void => void process.kill(pid, 'SIGCONT');
  // Stopped, it would outlive a run that is broken off.
  process.once('exit', goOn);
  process.kill(pid, 'SIGSTOP');
  return {
    mend: () => {
      const stopped = countStopped([pid]);
      process.off('exit', goOn);
      goOn();
      return stopped;
    },
  };
};

export const empty: Start = async ({ stage: { redis } }) => {
  const keys = Number(await redis.command('DBSIZE'));
  await redis.command('FLUSHALL');
  return { mend: () => keys };
};

export const trim: Start = async ({ stage: { redis, redisPrefix } }) => {
  const keys = (await redis.command('KEYS', `${redisPrefix}:*`)) as string[];
  let entries = 0;
  for (const key of keys) {
    if ((await redis.command('TYPE', key)) === 'stream')
      entries += Number(await redis.command('XTRIM', key, 'MAXLEN', 0));
  }
  return { mend: () => entries };
};

/** As a failover to a replica that was behind, or a restore: it is there at once, and has forgotten. */
export const restoreStale: Start = async ({ stage: { redis }, signal }) => {
  const before = await redisRun(redis);
  await redis.command('SAVE');
  await sleep(STALE_AFTER_MS, undefined, { signal });
  await redis.kill();
  await redis.start();
  const keys = (await redisRun(redis)) === before ? 0 : Number(await redis.command('DBSIZE'));
  return { mend: () => keys };
};

export const fill: Start = async ({ stage: { redis } }) => {
  const refused = () => redisFigure(redis, 'errorstats', 'errorstat_OOM');
  const [used, before] = [await redisFigure(redis, 'memory', 'used_memory'), await refused()];
  await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
  await redis.command('CONFIG', 'SET', 'maxmemory', Math.floor(used / 2));
  return {
    mend: async () => {
      const count = (await refused()) - before;
      await redis.command('CONFIG', 'SET', 'maxmemory', 0);
      return count;
    },
  };
};

export const cutSubscriptions: Start = async ({ stage: { lines } }) => {
  const before = lines['node-redis'].silenced;
  lines['node-redis'].silenceMarked();
  const count = lines['node-redis'].silenced - before;
  return { mend: () => count };
};
