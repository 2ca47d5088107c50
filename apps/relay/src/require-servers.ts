import { requireRedis } from '@meldesync/bus';
import { requirePostgres } from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import type { RelayConfig } from './config.ts';

/** Throws UnsupportedServer when Postgres, its log or its tables, or a Redis is not what a relay can work with; one that is away is only noted. */
export async function requireServers(config: RelayConfig, logger: Logger): Promise<void> {
  const prefix = config.redisPrefix;
  const unanswered = await Promise.all([
    requirePostgres({
      url: config.databaseUrl,
      logicalLog: true,
      user: 'relay',
      onNote: (reason) => logger.event('database-newer', { reason }),
    }),
    requireRedis({ url: config.redisUrl, prefix, rights: { of: 'relay', prefix } }),
  ]);
  for (const err of unanswered) if (err) logger.event('server-unasked', { err });
}
