import { pastForeignKey } from '@meldesync/lifecycle';
import type { ReportUnreadable } from '@meldesync/protocol';
import type { ChainableCommander } from 'ioredis';
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

export interface PresenceBoardOptions extends RedisOptions {
  /** The board held what no node writes, and begins anew. */
  readonly onUnreadable: ReportUnreadable;
}

export function createPresenceBoard(options: PresenceBoardOptions): PresenceBoard {
  const connection = connectRedis(options);
  const { redis } = connection;
  const keys = feedKeys(options.prefix);
  const onBoard = <T>(workspace: string, run: () => Promise<T>): Promise<T> =>
    pastForeignKey(run, {
      remove: () => redis.del(keys.presence(workspace)),
      onForeign: () => options.onUnreadable({ place: 'presence-board', workspace, reason: 'a board of another type' }),
    });
  return {
    post: (workspace, node, message) =>
      onBoard(workspace, () =>
        carriedOut(
          redis
            .multi()
            .hset(keys.presence(workspace), node, message)
            .expire(keys.presence(workspace), BOARD_TTL_SECONDS)
            .publish(keys.state(workspace), message),
        ),
      ),
    withdraw: (workspace, node, message) =>
      onBoard(workspace, () =>
        carriedOut(redis.multi().hdel(keys.presence(workspace), node).publish(keys.state(workspace), message)),
      ),
    read: (workspace) => onBoard(workspace, () => redis.hvals(keys.presence(workspace))),
    remove: async (workspace, node) => {
      await redis.hdel(keys.presence(workspace), node);
    },
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
}

/** Rejects with the first error of commands that are carried out together: Redis answers them one by one. */
async function carriedOut(commands: ChainableCommander): Promise<void> {
  for (const [error] of (await commands.exec()) ?? []) if (error) throw error;
}
