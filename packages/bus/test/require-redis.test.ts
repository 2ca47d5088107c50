import { createServer, type Server } from 'node:net';
import { freePort, startTestRedis, type TestRedis } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLUSTER_FORMAT, connectRedis, type RedisWorker, requireRedis } from '../src/index.ts';

it('a Redis of a supported version is taken', async () => {
  await using redis = await startTestRedis();
  expect(await requireRedis({ url: redis.url })).toBeUndefined();
});

it('one that is too old is refused with the version found and the one wanted', async () => {
  await using redis = await startTestRedis();
  await expect(requireRedis({ url: redis.url, oldest: '99.1' })).rejects.toThrow(
    /^Redis at \S+ is \d+\.\d+\.\d+, and MeldeSync needs 99\.1 or newer$/,
  );
});

it('Valkey is held to its own version, not to that of the Redis it stands in for', async () => {
  await using server = await speaking('redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:6.9.0\r\n');
  await expect(requireRedis({ url: server.url })).rejects.toThrow(
    /^Valkey at \S+ is 6\.9\.0, and MeldeSync needs 7\.2 or newer$/,
  );
});

it('one that is away, or does not say its version, is no reason not to start', async () => {
  expect(await requireRedis({ url: `redis://127.0.0.1:${await freePort()}` })).toBeInstanceOf(Error);
  await using server = await speaking('uptime:1\r\n');
  expect(await requireRedis({ url: server.url })).toBeInstanceOf(Error);
});

describe('of the processes that are at work', () => {
  /** Redis with a status of a process in it, as a release posts it. */
  async function withStatus(status: object) {
    const redis = await startTestRedis();
    using connection = connectRedis({ url: redis.url, onConnectionError: () => {} });
    const own = 'meldesync:{operations}:';
    const posted = { kind: 'relay', name: 'relay-1', version: '0.0.0', ...status };
    await connection.redis.postStatus(`${own}status:1`, `${own}statuses`, '1', JSON.stringify(posted), 10_000);
    return redis;
  }
  const ask = (url: string) => requireRedis({ url, prefix: 'meldesync' });

  it.each([
    ['of a release before formats were told', {}],
    ['of this release', { format: CLUSTER_FORMAT }],
    ['of the next one', { format: CLUSTER_FORMAT + 1 }],
  ])('one %s is worked beside', async (_, status) => {
    await using redis = await withStatus(status);
    expect(await ask(redis.url)).toBeUndefined();
  });

  it('one that is two releases ahead is named in the line that refuses', async () => {
    await using redis = await withStatus({ format: CLUSTER_FORMAT + 2 });
    await expect(ask(redis.url)).rejects.toThrow(
      /^the relay relay-1 is at work and is of a newer release \(format \d+\) that this one \(format \d+\) does not work beside: .*$/,
    );
    expect(await requireRedis({ url: redis.url, prefix: 'another' })).toBeUndefined();
  });

  it('one whose status cannot be read keeps nobody from starting', async () => {
    await using redis = await withStatus({ format: 'none' });
    expect(await ask(redis.url)).toBeUndefined();
  });
});

it('one that refuses the sign-in, or has no such database, is refused, and neither says the password', async () => {
  await using redis = await startTestRedis();
  const { host } = new URL(redis.url);
  await expect(requireRedis({ url: `redis://nobody:hidden@${host}` })).rejects.toThrow(
    `Redis at ${host} refuses the sign-in (WRONGPASS); see user and password in REDIS_URL or LOCK_REDIS_URLS`,
  );
  await expect(requireRedis({ url: `${redis.url.replace(/\/\d*$/, '')}/4711` })).rejects.toThrow(
    `Redis at ${host} has no database 4711; see the number at the end of REDIS_URL or LOCK_REDIS_URLS`,
  );
});

describe('R5.1 of what its user may', () => {
  const PREFIX = 'test';
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startTestRedis({ prefix: PREFIX });
  });
  afterAll(() => redis[Symbol.asyncDispose]());

  const ROLES = ['node', 'relay', 'worker'] as const;
  const ask = (url: string, of: RedisWorker, prefix = PREFIX) => requireRedis({ url, prefix, rights: { of, prefix } });

  it.each(ROLES)('the user of a %s is taken by it, and by no other process', async (role) => {
    const url = redis.urlAs(role);
    const { host, username } = new URL(url);
    expect(await ask(url, role)).toBeUndefined();
    for (const other of ROLES.filter((one) => one !== role))
      await expect(ask(url, other)).rejects.toThrow(
        new RegExp(
          `^Redis at ${host} does not let the user ${username} do what a ${other} does \\(\\w+ .*\\); see whose name is in REDIS_URL, .*`,
        ),
      );
  });

  it('a node that counts votes of locks with it is told the setting of that', async () => {
    expect(await ask(redis.urlAs('node'), 'locks')).toBeUndefined();
    await expect(ask(redis.urlAs('relay'), 'locks')).rejects.toThrow(/what a node does .* is in LOCK_REDIS_URLS/);
  });

  it('another prefix than the user is made for is refused, and whoever may everything is taken', async () => {
    await expect(ask(redis.urlAs('relay'), 'relay', 'another')).rejects.toThrow('the prefix in REDIS_PREFIX');
    for (const role of ROLES) expect(await ask(redis.url, role, 'another')).toBeUndefined();
  });

  it.each([
    ['no channels', '~* resetchannels +@all', 'publish test:{rights}:state'],
    ['no scripts', '~* &* +@all -@scripting', 'eval'],
    ['not even its version', '~* &* +@all -info', 'info server'],
  ])('one that an administrator gave %s is told so', async (_, rules, lacking) => {
    await redis.command('ACL', 'SETUSER', 'mine', 'reset', 'on', '>own', ...rules.split(' '));
    const { host } = new URL(redis.url);
    await expect(ask(`redis://mine:own@${host}`, 'node')).rejects.toThrow(`do what a node does (${lacking}`);
  });

  it('trying leaves nothing behind', async () => {
    await redis.command('FLUSHALL');
    for (const role of ROLES) await ask(redis.urlAs(role), role);
    expect(await redis.command('DBSIZE')).toBe(0);
  });
});

/** A server that knows INFO alone, and answers it with this text. */
async function speaking(text: string): Promise<AsyncDisposable & { url: string }> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      const commands = data
        .toString()
        .split(/\*\d+\r\n/)
        .slice(1);
      for (const command of commands)
        socket.write(/\r\ninfo\r\n/i.test(command) ? `$${text.length}\r\n${text}\r\n` : '-ERR unknown command\r\n');
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
      }),
  };
}
