import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { testEnvironment } from './environment.ts';
import { serverPort } from './server-port.ts';

/** A Redis Sentinel that watches one server with its replica, and puts the replica in its place when it is gone. */
export interface TestSentinel extends AsyncDisposable {
  /** The port of the server that it takes for the first one now. */
  primaryPort(): Promise<number>;
  /** How many replicas it knows. */
  replicas(): Promise<number>;
}

/** After so long a silence it takes a server for gone. */
const DOWN_AFTER_MS = 2_000;

export async function startTestSentinel(primaryPort: number): Promise<TestSentinel> {
  const port = await serverPort();
  const folder = await mkdtemp(join(tmpdir(), 'meldesync-sentinel-'));
  const file = join(folder, 'sentinel.conf');
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor drill 127.0.0.1 ${primaryPort} 1`,
    `sentinel down-after-milliseconds drill ${DOWN_AFTER_MS}`,
    'sentinel failover-timeout drill 10000',
  ];
  await writeFile(file, `${settings.join('\n')}\n`);
  const server = spawn(testEnvironment().REDIS_SERVER_BIN, [file, '--sentinel'], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  const killAtExit = (): void => void server.kill('SIGKILL');
  process.once('exit', killAtExit);
  const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null, retryStrategy: () => 20 });
  // Until the server is up each try that fails is an event.
  client.on('error', () => undefined);
  return {
    primaryPort: async () => {
      const [, found] = (await client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'drill')) as string[];
      return Number(found);
    },
    replicas: async () => ((await client.call('SENTINEL', 'REPLICAS', 'drill')) as unknown[]).length,
    [Symbol.asyncDispose]: async () => {
      process.off('exit', killAtExit);
      client.disconnect(false);
      server.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
