import { ResourceStack } from '@meldesync/lifecycle';
import type { Frame } from '@meldesync/protocol';
import { startTestRedis } from '@meldesync/testkit';
import type { SocketIoNode } from '../../peers/socket-io/node/main.ts';
import type { SocketIoPublisher } from '../../peers/socket-io/publisher/main.ts';
import type { BenchContext } from '../context.ts';
import { startRemote } from '../processes/remote.ts';
import { redisPid } from './redis-pid.ts';

/** Two Socket.IO servers that share a Redis, and a process that has something to say to all of their clients. */
export interface SocketIo extends AsyncDisposable {
  /** Origins of the servers. */
  readonly urls: readonly string[];
  readonly nodePids: readonly number[];
  readonly redisPid: number;
  /** Sends a frame to every client. */
  emit(frame: Frame): Promise<void>;
}

const NODES = ['socket-io-1', 'socket-io-2'];

export async function startSocketIo(context: BenchContext): Promise<SocketIo> {
  await using stack = new ResourceStack();
  const redis = stack.use(await startTestRedis());
  const nodes: { url: string; pid: number }[] = [];
  for (const name of NODES) {
    const file = new URL('../../peers/socket-io/node/main.ts', import.meta.url);
    const node = stack.use(startRemote<SocketIoNode>(context, { name, file, isServer: true }));
    nodes.push({ url: await node.call('listen', { redisUrl: redis.url }), pid: node.pid });
  }
  const publisher = stack.use(
    startRemote<SocketIoPublisher>(context, {
      name: 'socket-io-publisher',
      file: new URL('../../peers/socket-io/publisher/main.ts', import.meta.url),
      isServer: false,
    }),
  );
  await publisher.call('connect', { redisUrl: redis.url });
  const owned = stack.move();
  return {
    urls: nodes.map(({ url }) => url),
    nodePids: nodes.map(({ pid }) => pid),
    redisPid: await redisPid(redis),
    emit: (frame) => publisher.call('emit', frame),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}
