import { readFileSync } from 'node:fs';
import { runSql, type TestRedis } from '@meldesync/testkit';

/** How many of these processes are stopped right now (`T`, proc_pid_stat(5)). */
export function countStopped(pids: readonly number[]): number {
  return pids.filter((pid) => /^\d+ \(.*\) T /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))).length;
}

/** A figure of Redis' own about itself; 0 where it has none. */
export async function redisFigure(redis: TestRedis, section: string, name: string): Promise<number> {
  const info = String(await redis.command('INFO', section));
  return Number(new RegExp(`^${name}:(?:count=)?(\\d+)`, 'm').exec(info)?.[1] ?? 0);
}

/** Which run of Redis this is: another one after each start. */
export async function redisRun(redis: TestRedis): Promise<string> {
  return /^run_id:(\w+)/m.exec(String(await redis.command('INFO', 'server')))?.[1] ?? '';
}

/** Which run of Postgres this is: another one after each start. */
export async function postgresRun(ownerUrl: string): Promise<string> {
  // Where one of its processes has crashed, it starts all others anew, but not the first one.
  const [row] = await runSql(
    ownerUrl,
    `select concat(pg_postmaster_start_time(), backend_start) as run
     from pg_stat_activity where backend_type = 'checkpointer'`,
  );
  return String(row?.['run']);
}
