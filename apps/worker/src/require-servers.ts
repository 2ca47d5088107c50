import { requireRedis } from '@meldesync/bus';
import { requirePostgres } from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import type { WorkerConfig } from './config.ts';

/** Throws UnsupportedServer when Postgres or a Redis is not what a worker can work with; one that is away is only noted. */
export async function requireServers(config: WorkerConfig, logger: Logger): Promise<void> {
  const prefix = config.redisPrefix;
  const unanswered = await Promise.all([
    requirePostgres({
      url: config.databaseUrl,
      logicalLog: false,
      user: 'worker',
      onNote: (reason) => logger.event('database-newer', { reason }),
    }),
    requireRedis({ url: config.redisUrl, prefix, rights: { of: 'worker', prefix } }),
  ]);
  for (const err of unanswered) if (err) logger.event('server-unasked', { err });
}
