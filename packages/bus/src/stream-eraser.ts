import { connectRedis, type RedisOptions } from './connection.ts';
import { feedKeys } from './keys.ts';
import { RENEW_STREAM } from './lua/renew-stream.ts';

/** Lets go of what streams hold of something that is erased. */
export interface StreamEraser extends Disposable {
  /**
   * Drops a workspace's frames from before a position of the log. The newest stays in any case, for the next one to join on: who erases something
   * that is there writes a newer one.
   */
  dropBefore(epoch: string, workspace: string, position: string): Promise<void>;
  /** Has Redis write its files anew, which still hold what was dropped; false where it may not be asked. */
  rewriteFiles(): Promise<boolean>;
}

export function createStreamEraser(options: RedisOptions): StreamEraser {
  const connection = connectRedis(options);
  const { redis } = connection;
  const keys = feedKeys(options.prefix);
  return {
    dropBefore: async (epoch, workspace, position) => {
      const stream = keys.stream(epoch, workspace);
      const [newest] = await redis.xrevrange(stream, '+', '-', 'COUNT', 1);
      if (!newest) return;
      const first = BigInt(newest[0].split('-')[0] ?? '0') < BigInt(position) ? newest[0] : `${position}-0`;
      await redis.eval(RENEW_STREAM, 1, stream, first);
    },
    rewriteFiles: async () => {
      try {
        const facts = await redis.info('persistence');
        await (facts.includes('aof_enabled:1') ? redis.bgrewriteaof() : redis.bgsave());
        return true;
      } catch {
        // It is writing them already, or a provider keeps this to itself.
        return false;
      }
    },
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
}
