import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import type { TestRedis } from './test-redis.ts';

/** Everything that a Redis holds. */
export interface RedisContents {
  /** The file that it writes to disk, as whoever takes its disk or a backup reads it. */
  readonly file: Buffer;
  /** What stands in each key, of whatever type, as that file has it. */
  readonly keys: ReadonlyMap<string, Buffer>;
}

/** Reads all of it; nothing in it is compressed, so that what was written is found as it is. */
export async function readRedis(redis: TestRedis): Promise<RedisContents> {
  await redis.command('CONFIG', 'SET', 'rdbcompression', 'no');
  const keys = new Map<string, Buffer>();
  let cursor = '0';
  do {
    const [next, names] = (await redis.command('SCAN', cursor, 'COUNT', 1_000)) as [string, string[]];
    for (const name of names) {
      const dumped = await redis.bytes('DUMP', name);
      // One that has ended meanwhile was heard of when it was written.
      if (dumped !== null) keys.set(name, dumped as Buffer);
    }
    cursor = next;
  } while (cursor !== '0');
  await redis.command('SAVE');
  const setting = async (name: string) => ((await redis.command('CONFIG', 'GET', name)) as string[])[1] ?? '';
  return { file: await readFile(join(await setting('dir'), await setting('dbfilename'))), keys };
}

/** Somebody who hears everything that a Redis is told to do, also what scripts do in it and what is only published. */
export interface RedisListener extends Disposable {
  /** A line for each command until now. */
  heard(): Promise<string[]>;
}

/** Listens from now on (`MONITOR`). */
export async function listenToRedis(redis: TestRedis): Promise<RedisListener> {
  const { hostname, port } = new URL(redis.url);
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  let text = '';
  socket.on('data', (chunk: string) => {
    text += chunk;
  });
  await once(socket, 'connect');
  socket.write('MONITOR\r\n');
  await eventually(() => {
    if (!text.startsWith('+OK')) throw new Error('Redis does not let anybody listen');
  });
  let count = 0;
  return {
    heard: async () => {
      const mark = `heard-until-${++count}`;
      await redis.command('ECHO', mark);
      await eventually(() => {
        if (!text.includes(mark)) throw new Error('what Redis was told has not come yet');
      });
      return text.split('\r\n');
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
}
