import { requireRedis } from '@meldesync/bus';
import { requirePostgres } from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import type { NodeConfig } from './config.ts';

/** Throws UnsupportedServer when Postgres or a Redis is not what a node can work with; one that is away is only noted. */
export async function requireServers(config: NodeConfig, logger: Logger): Promise<void> {
  const prefix = config.redisPrefix;
  const unanswered = await Promise.all([
    requirePostgres({
      url: config.databaseUrl,
      logicalLog: false,
      user: 'node',
      onNote: (reason) => logger.event('database-newer', { reason }),
      onWideRights: (reason) => logger.event('database-rights', { reason }),
    }),
    requirePostgres({
      url: config.authDatabaseUrl ?? config.databaseUrl,
      setting: 'AUTH_DATABASE_URL',
      logicalLog: false,
      user: 'accounts',
    }),
    requireRedis({ url: config.redisUrl, prefix, rights: { of: 'node', prefix } }),
    ...config.lockRedisUrls.map((url) => requireRedis({ url, rights: { of: 'locks', prefix } })),
  ]);
  for (const err of unanswered) if (err) logger.event('server-unasked', { err });
}
