import { connectRedis, type RedisOptions } from './connection.ts';
import { feedKeys } from './keys.ts';

/** What every node says of the people it serves, and what the others said last. */
export interface PresenceBoard extends Disposable {
  /** Keeps and publishes what this node says; JSON. */
  post(workspace: string, node: string, message: string): Promise<void>;
  /** This node serves nobody in the workspace any more; the message tells the others so. */
  withdraw(workspace: string, node: string, message: string): Promise<void>;
  /** What each node said last, those that have died included: the reader judges by the age that a message states. */
  read(workspace: string): Promise<string[]>;
  /** Takes away what a dead node left. */
  remove(workspace: string, node: string): Promise<void>;
}

/** A board that nobody writes to vanishes. */
const BOARD_TTL_SECONDS = 300;

export function createPresenceBoard(options: RedisOptions): PresenceBoard {
  const connection = connectRedis(options);
  const { redis } = connection;
  const keys = feedKeys(options.prefix);
  return {
    post: async (workspace, node, message) => {
      await redis
        .multi()
        .hset(keys.presence(workspace), node, message)
        .expire(keys.presence(workspace), BOARD_TTL_SECONDS)
        .publish(keys.state(workspace), message)
        .exec();
    },
    withdraw: async (workspace, node, message) => {
      await redis.multi().hdel(keys.presence(workspace), node).publish(keys.state(workspace), message).exec();
    },
    read: (workspace) => redis.hvals(keys.presence(workspace)),
    remove: async (workspace, node) => {
      await redis.hdel(keys.presence(workspace), node);
    },
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
}
