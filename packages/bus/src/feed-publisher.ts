import { type BusFrame, encodeBusFrame } from './bus-message.ts';
import { connectRedis, type RedisOptions } from './connection.ts';
import { feedKeys } from './keys.ts';
import { createStreamBuffer, type StreamBuffer } from './stream-buffer.ts';

export interface AppendOptions {
  /** Begin the stream anew with this frame where the chain is broken, instead of answering `gap`. */
  readonly mayRestart: boolean;
}

export type AppendAnswer = 'appended' | 'restarted' | 'duplicate' | 'gap';

/** The relay's side of the feed in Redis. */
export interface FeedPublisher extends Disposable {
  /** Appends and publishes in one step. Calls are carried out in the order they were made, without waiting. */
  append(workspace: string, frame: BusFrame, options: AppendOptions): Promise<AppendAnswer>;
  /** Sets the marker: what is appended after this call is what `checkMarker` watches over. */
  beginMarker(epoch: string): Promise<void>;
  /** Whether Redis still has everything appended since `beginMarker`, as far as the marker can tell. */
  checkMarker(epoch: string): Promise<'kept' | 'lost'>;
  /** How much of the feed is kept, and for how long. */
  readonly buffer: StreamBuffer;
}

export interface FeedPublisherOptions extends RedisOptions {
  /** About how many frames a workspace's stream keeps (R4.4). */
  readonly streamLength: number;
}

export function createFeedPublisher(options: FeedPublisherOptions): FeedPublisher {
  const connection = connectRedis(options);
  const { redis } = connection;
  const keys = feedKeys(options.prefix);
  let marker = '';
  let count = 0;
  const advance = (epoch: string, expected: string) => {
    count += 1;
    marker = `${process.pid}-${performance.timeOrigin}-${count}`;
    return redis.advanceMarker(keys.marker(epoch), expected, marker);
  };
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
    beginMarker: async (epoch) => {
      await advance(epoch, '');
    },
    checkMarker: (epoch) => advance(epoch, marker),
    buffer: createStreamBuffer(redis, keys),
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
}
