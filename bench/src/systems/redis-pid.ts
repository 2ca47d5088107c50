import type { TestRedis } from '@meldesync/testkit';

/** The process of a Redis server, as it says itself. */
export async function redisPid(redis: TestRedis): Promise<number> {
  const info = String(await redis.command('INFO', 'server'));
  const pid = /^process_id:(\d+)/m.exec(info)?.[1];
  if (pid === undefined) throw new Error('Redis names no process id');
  return Number(pid);
}
