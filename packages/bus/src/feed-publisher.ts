import { type BusFrame, encodeBusFrame } from './bus-message.ts';
import { closeRedis, connectRedis, type RedisOptions } from './connection.ts';
import { feedKeys } from './keys.ts';

export interface AppendOptions {
  /** Begin the stream anew with this frame where the chain is broken, instead of answering `gap`. */
  readonly mayRestart: boolean;
}

export type AppendAnswer = 'appended' | 'restarted' | 'duplicate' | 'gap';

/** The relay's side of the feed in Redis. */
export interface FeedPublisher extends Disposable {
  /** Appends and publishes in one step. Calls are carried out in the order they were made, without waiting. */
  append(workspace: string, frame: BusFrame, options: AppendOptions): Promise<AppendAnswer>;
  /** Whether Redis still has everything this publisher wrote, as far as its marker can tell. First call: always kept. */
  checkMarker(epoch: string): Promise<'kept' | 'lost'>;
}

export interface FeedPublisherOptions extends RedisOptions {
  /** About how many frames a workspace's stream keeps (R4.4). */
  readonly streamLength: number;
}

export function createFeedPublisher(options: FeedPublisherOptions): FeedPublisher {
  const redis = connectRedis(options);
  const keys = feedKeys(options.prefix);
  let marker = '';
  let count = 0;
  return {
    append: (workspace, frame, { mayRestart }) =>
      redis.appendFrame(
        keys.stream(frame.epoch, workspace),
        frame.id,
        frame.prev,
        frame.txid,
        frame.json,
        options.streamLength,
        mayRestart ? '1' : '0',
        keys.frames(workspace),
        encodeBusFrame(frame),
      ),
    checkMarker: async (epoch) => {
      const expected = marker;
      count += 1;
      marker = `${process.pid}-${performance.timeOrigin}-${count}`;
      return redis.advanceMarker(keys.marker(epoch), expected, marker);
    },
    [Symbol.dispose]: () => closeRedis(redis),
  };
}
