import { readRedisFacts } from '@meldesync/bus';
import { readPostgresFacts } from '@meldesync/db';
import { systemCode } from '../../system-code.ts';
import { type CheckName, type Finding, findingsOf } from '../finding.ts';
import { judgePostgres } from './judge-postgres.ts';
import { judgeRedis } from './judge-redis.ts';

/** Servers to look at; undefined for one that nobody named. */
export interface ServerAddresses {
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  /** The slot from which the relay reads. */
  readonly slot: string;
}

/**
 * Looks at Postgres and Redis themselves. A program of its own, which the others do not load: the libraries behind it take longer
 * than most commands.
 */
export async function checkServers({ databaseUrl, redisUrl, slot }: ServerAddresses): Promise<Finding[]> {
  const findings = await Promise.all([
    databaseUrl === undefined
      ? [findingsOf('postgres')('skipped', 'noDatabaseUrl')]
      : judged('postgres', async () => judgePostgres(await readPostgresFacts(databaseUrl, slot), slot)),
    redisUrl === undefined
      ? [findingsOf('redis')('skipped', 'noRedisUrl')]
      : judged('redis', async () => judgeRedis(await readRedisFacts(redisUrl))),
  ]);
  return findings.flat();
}

/** What a server that does not answer, or refuses the sign-in, has said is its finding. */
async function judged(check: CheckName, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [findingsOf(check)('failed', 'serverAway', { reason: reasonOf(error) })];
  }
}

/** The code rather than the sentence, which may name the address with its password. */
function reasonOf(error: unknown): string {
  return systemCode(error) ?? (error instanceof Error ? error.name : 'unknown');
}
