import { createServer, type Server } from 'node:net';
import { freePort, startTestRedis } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { requireRedis } from '../src/index.ts';

it('a Redis of a supported version is taken', async () => {
  await using redis = await startTestRedis();
  expect(await requireRedis(redis.url)).toBeUndefined();
});

it('one that is too old is refused with the version found and the one wanted', async () => {
  await using redis = await startTestRedis();
  await expect(requireRedis(redis.url, '99.1')).rejects.toThrow(
    /^Redis at \S+ is \d+\.\d+\.\d+, and MeldeSync needs 99\.1 or newer$/,
  );
});

it('Valkey is held to its own version, not to that of the Redis it stands in for', async () => {
  await using server = await speaking('redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:6.9.0\r\n');
  await expect(requireRedis(server.url)).rejects.toThrow(
    /^Valkey at \S+ is 6\.9\.0, and MeldeSync needs 7\.2 or newer$/,
  );
});

it('one that is away, or does not say its version, is no reason not to start', async () => {
  expect(await requireRedis(`redis://127.0.0.1:${await freePort()}`)).toBeInstanceOf(Error);
  await using server = await speaking('uptime:1\r\n');
  expect(await requireRedis(server.url)).toBeInstanceOf(Error);
});

it('one that refuses the sign-in, or has no such database, is refused, and neither says the password', async () => {
  await using redis = await startTestRedis();
  const { host } = new URL(redis.url);
  await expect(requireRedis(`redis://nobody:hidden@${host}`)).rejects.toThrow(
    `Redis at ${host} refuses the sign-in (WRONGPASS); see user and password in REDIS_URL or LOCK_REDIS_URLS`,
  );
  await expect(requireRedis(`${redis.url.replace(/\/\d*$/, '')}/4711`)).rejects.toThrow(
    `Redis at ${host} has no database 4711; see the number at the end of REDIS_URL or LOCK_REDIS_URLS`,
  );
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
