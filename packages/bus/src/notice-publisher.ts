import { connectRedis, type RedisOptions } from './connection.ts';
import { feedKeys } from './keys.ts';

/** Sends notices that are worth a look now and nothing later, such as the progress of an import. */
export interface NoticePublisher extends Disposable {
  /** `message` is JSON for the clients. */
  publish(workspace: string, message: string): Promise<void>;
  /** Rejects when Redis does not answer. */
  ping(): Promise<void>;
}

export function createNoticePublisher(options: RedisOptions): NoticePublisher {
  const connection = connectRedis(options);
  const { redis } = connection;
  const keys = feedKeys(options.prefix);
  return {
    publish: async (workspace, message) => {
      await redis.publish(keys.notices(workspace), message);
    },
    ping: async () => {
      await redis.ping();
    },
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
}
