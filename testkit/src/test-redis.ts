import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type RedisRole, redisUrlAs, redisUsersFile } from '../../scripts/lib/redis-users.mjs';
import { testEnvironment } from './environment.ts';
import { serverPort } from './server-port.ts';

/** A Redis server of one's own: it may be emptied and killed without anyone else noticing. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  /** The same, as the user of a process, who may what that does under the prefix. */
  urlAs(role: RedisRole): string;
  /** Runs a command against it. */
  command(name: string, ...args: (string | number)[]): Promise<unknown>;
  /** The same, and what is answered as it is, byte by byte. */
  bytes(name: string, ...args: (string | number)[]): Promise<unknown>;
  /** SIGKILL: everything it held is lost. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  start(): Promise<void>;
}

export interface TestRedisOptions {
  /** First part of the keys that the users of processes reach; `test` unless given. */
  readonly prefix?: string;
}

const PASSWORD = 'test-user';

export async function startTestRedis({ prefix = 'test' }: TestRedisOptions = {}): Promise<TestRedis> {
  const port = await serverPort();
  const folder = await mkdtemp(join(tmpdir(), 'meldesync-redis-'));
  const users = join(folder, 'users.acl');
  await writeFile(users, redisUsersFile(prefix, { node: PASSWORD, relay: PASSWORD, worker: PASSWORD }));
  const client = new Redis(port, '127.0.0.1', {
    maxRetriesPerRequest: null,
    retryStrategy: () => 20,
    lazyConnect: true,
  });
  // While the server is away the client tries again; each try that fails is an event and no failure of the test.
  client.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ECONNREFUSED' && error.code !== 'ECONNRESET') throw error;
  });
  let server: ChildProcess | undefined;
  const start = async () => {
    server = spawn(
      testEnvironment().REDIS_SERVER_BIN,
      [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--appendonly',
        'no',
        '--dir',
        folder,
        '--aclfile',
        users,
      ],
      { stdio: 'ignore' },
    );
    await client.ping();
  };
  const kill = async () => {
    const running = server;
    server = undefined;
    if (!running) return;
    const ended = new Promise((resolve) => {
      running.once('exit', resolve);
    });
    running.kill('SIGKILL');
    await ended;
    await sleep(10);
  };
  await start();
  const url = `redis://127.0.0.1:${port}`;
  // A test whose clean-up failed leaves nothing behind either.
  const killAtExit = () => server?.kill('SIGKILL');
  process.once('exit', killAtExit);
  return {
    url,
    urlAs: (role) => redisUrlAs(url, role, PASSWORD),
    command: (name, ...args) => client.call(name, ...args),
    bytes: (name, ...args) => client.callBuffer(name, ...args),
    kill,
    start,
    [Symbol.asyncDispose]: async () => {
      process.off('exit', killAtExit);
      client.disconnect(false);
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
