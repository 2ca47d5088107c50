import type { RedisServerFacts } from '@meldesync/bus';
import { isOlder, OLDEST_SERVERS } from '@meldesync/lifecycle';
import { type Finding, findingsOf } from '../finding.ts';

/** So full it will soon refuse frames, locks and jobs. */
const FULL_SHARE = 0.9;

/** Judges what a Redis or Valkey says of itself. */
export function judgeRedis(facts: RedisServerFacts): Finding[] {
  return [version(facts), ...memory(facts), persistence(facts), notifications(facts)];
}

function version({ kind, version, isReplica }: RedisServerFacts): Finding {
  const find = findingsOf('redis');
  const oldest = OLDEST_SERVERS[kind];
  if (isOlder(version, oldest)) return find('failed', 'redisTooOld', { kind, version, oldest });
  return isReplica ? find('failed', 'redisReplica', { kind, version }) : find('ok', 'redisFine', { kind, version });
}

function memory({ maxMemory, usedMemory, maxMemoryPolicy: policy }: RedisServerFacts): Finding[] {
  const find = findingsOf('redisMemory');
  if (policy === null || maxMemory === null) return [find('skipped', 'redisSaysNothing')];
  if (policy !== 'noeviction')
    // Without a limit nothing is evicted yet.
    return [find(maxMemory === 0 ? 'warning' : 'failed', 'redisEvicts', { policy })];
  const used = usedMemory ?? 0;
  if (maxMemory > 0 && used >= maxMemory) return [find('failed', 'redisTakesNothing', { used, most: maxMemory })];
  if (maxMemory > 0 && used > maxMemory * FULL_SHARE) return [find('warning', 'redisFull', { used, most: maxMemory })];
  return [find('ok', 'redisMemoryFine')];
}

function persistence({ appendsOnly, isStuck }: RedisServerFacts): Finding {
  const find = findingsOf('redisPersistence');
  if (isStuck) return find('failed', 'redisStuck');
  if (appendsOnly === null) return find('skipped', 'redisSaysNothing');
  return appendsOnly ? find('ok', 'redisAppends') : find('warning', 'redisForgets');
}

/** MeldeSync listens to none of these events; each costs Redis a message a key. */
function notifications({ notifies }: RedisServerFacts): Finding {
  const find = findingsOf('redisNotifications');
  if (notifies === null) return find('skipped', 'redisSaysNothing');
  return notifies === '' ? find('ok', 'redisQuiet') : find('warning', 'redisNotifies', { classes: notifies });
}
