import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { feedKeys } from '@meldesync/bus';
import { queuePrefix } from '@meldesync/jobs';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REDIS_USERS, type RedisRole, redisUsersTemplate } from '../../scripts/lib/redis-users.mjs';
import { startTestRedis, type TestRedis } from '../src/index.ts';

const PREFIX = 'test';
const ROLES = Object.keys(REDIS_USERS) as RedisRole[];

let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis({ prefix: PREFIX });
});
afterAll(() => redis[Symbol.asyncDispose]());

/** What a user gets for a command: an answer, or that it may not. */
async function as(role: RedisRole, command: string): Promise<'answered' | 'denied'> {
  const [name = '', ...args] = command.split(' ');
  const client = new Redis(redis.urlAs(role), { maxRetriesPerRequest: 0 });
  try {
    await client.call(name, ...args);
    return 'answered';
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('NOPERM')) return 'denied';
    throw error;
  } finally {
    client.disconnect();
  }
}

it('R5.1 the names that users of Redis may are those that the code uses', () => {
  const keys = feedKeys('');
  const bare = (name: string) => name.replace(/^:/, '');
  const written = new Set(ROLES.flatMap((role) => [...REDIS_USERS[role].writes, ...REDIS_USERS[role].reads]));
  const everyForm = (name: string) => name.replace(/feed\d+:\*$/, 'feed*');
  const used = [
    everyForm(bare(keys.stream('*', '*'))),
    bare(keys.moments('*', '*')),
    bare(keys.fence('*', '*')),
    bare(keys.presence('*')),
    bare(keys.marker('*')),
    bare(keys.epochs),
    `${bare(queuePrefix(''))}:*`,
    // Of locks, of the running of the cluster, and of limits: tried below and by every test that starts a cluster.
    '{*}:locks',
    '{*}:lock:*',
    '{operations}:*',
    'limits:*',
  ];
  expect([...written].toSorted()).toEqual(used.toSorted());
  const channels = new Set(ROLES.flatMap((role) => REDIS_USERS[role].channels));
  expect([...channels].toSorted()).toEqual(
    [...keys.channels('*'), keys.canary].map(bare).concat('{operations}:level').toSorted(),
  );
});

it('the file of users that deployments are made from is what the code says: npm run docs', () => {
  const file = fileURLToPath(new URL('../../deploy/redis/users.acl', import.meta.url));
  expect(readFileSync(file, 'utf8')).toBe(redisUsersTemplate());
});

describe('R5.1 a user of Redis', () => {
  const OF_NOBODY = [
    'flushall',
    'flushdb',
    'swapdb 0 1',
    'keys *',
    'scan 0',
    'randomkey',
    'config get *',
    'config set save x',
    'acl list',
    'acl setuser somebody on',
    'client list',
    'client kill type normal',
    'shutdown nosave',
    'monitor',
    'replicaof no one',
    'save',
    'module list',
    'slowlog get',
    'migrate 127.0.0.1 1 key 0 1',
    'restore test:epochs 0 x',
    'function list',
    'function load x',
    'function delete x',
    'function flush',
    'function restore x',
    'fcall x 0',
    'script kill',
    'script flush',
    'psubscribe *',
    'publish other:{w}:frames x',
    'get other:epochs',
    'set tested:epochs 1',
    'get test',
  ];
  it.each(ROLES.flatMap((role) => OF_NOBODY.map((command) => [role, command] as const)))(
    'of a %s may not %s',
    async (role, command) => {
      expect(await as(role, command)).toBe('denied');
    },
  );

  const OWN: Record<string, readonly RedisRole[]> = {
    'xrange test:{w}:feed2:e - +': ['node', 'relay', 'worker'],
    'xadd test:{w}:feed2:e * f x': ['relay', 'worker'],
    'zadd test:{w}:moments:e 1 x': ['relay'],
    'set test:{w}:fence:e 1': ['relay'],
    'set test:marker:e 1': ['relay'],
    'sadd test:epochs e': ['relay'],
    'hset test:{w}:presence n x': ['node'],
    'hset test:{w}:locks 1 x': ['node'],
    'set test:{w}:lock:1 x NX PX 1': ['node'],
    'incr test:limits:x': ['node'],
    'lpush test:jobs:imports:wait x': ['node', 'worker'],
    'set test:{operations}:level x': ROLES,
    'blpop test:jobs:imports:wait 0.01': ['worker'],
    'publish test:{w}:frames x': ['node', 'relay'],
    'publish test:{w}:notices x': ['node', 'worker'],
    'publish test:{w}:state x': ['node'],
    'publish test:canary x': ['node', 'relay'],
    'publish test:{operations}:level x': ROLES,
    bgrewriteaof: ['worker'],
    'info server': ROLES,
  };
  it.each(Object.entries(OWN))('may %s where its process does', async (command, allowed) => {
    const found = await Promise.all(ROLES.map(async (role) => [role, await as(role, command)] as const));
    expect(found.flatMap(([role, answer]) => (answer === 'answered' ? role : []))).toEqual(
      ROLES.filter((role) => allowed.includes(role)),
    );
  });

  it('reaches nothing by a script that it could not reach itself', async () => {
    const client = new Redis(redis.urlAs('worker'), { maxRetriesPerRequest: 0 });
    try {
      for (const script of ["return redis.call('GET', 'test:epochs')", "return redis.call('FLUSHALL')"])
        await expect(client.eval(script, 0)).rejects.toThrow(/user executing the script can't|NOPERM/);
    } finally {
      client.disconnect();
    }
  });

  it('is not let in with another password', async () => {
    const url = new URL(redis.urlAs('node'));
    url.password = 'hidden';
    const client = new Redis(url.href, { maxRetriesPerRequest: 0, retryStrategy: () => null });
    const refused = new Promise<Error>((resolve) => {
      client.on('error', resolve);
    });
    expect((await refused).message).toMatch(/^WRONGPASS/);
    client.disconnect();
  });
});
