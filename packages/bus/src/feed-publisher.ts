import { randomUUID } from 'node:crypto';
import type { FramePosition, ReportUnreadable } from '@meldesync/protocol';
import { type BusFrame, type BusRange, encodeBusFrame, encodeBusRange, formatChecksum } from './bus-message.ts';
import { type Canary, encodeCanary } from './canary.ts';
import { connectRedis, type RedisOptions } from './connection.ts';
import { dropOtherEpochs } from './ended-epochs.ts';
import { feedKeys } from './keys.ts';
import { createStreamBuffer, type StreamBuffer } from './stream-buffer.ts';

export interface AppendOptions {
  /** Begin the stream anew with this frame where the chain is broken, instead of answering `gap`. */
  readonly mayRestart: boolean;
  /**
   * What the nodes are told with it: the frame itself unless said otherwise, nothing, or with the last frame of a large
   * transaction that there is a range to read from the stream (R3.5).
   */
  readonly tell?: 'frame' | 'nothing' | BusRange;
}

/** What became of a frame; see `append-frame.ts`. */
export type AppendAnswer = 'appended' | 'squeezed' | 'restarted' | 'duplicate' | 'gap' | 'diverged' | 'fenced';

/** What is at the end of a stream; `damaged` when it has been deleted, because entries were lost within it. */
export type StreamEnd =
  | { readonly kind: 'newest'; readonly id: FramePosition }
  | { readonly kind: 'none' | 'damaged' | 'fenced' };

/** What one pass of the relay over the log writes to Redis. */
export interface FeedPublisher extends Disposable {
  /** Appends and tells of it in one step. Calls are carried out in the order they were made, without waiting. */
  append(workspace: string, frame: BusFrame, options: AppendOptions): Promise<AppendAnswer>;
  /** Sets the marker: what is appended after this call is what `checkMarker` watches over. */
  beginMarker(epoch: string): Promise<void>;
  /**
   * Whether Redis still has everything appended since `beginMarker`, as far as the marker can tell; `fenced` when another
   * relay has taken over.
   */
  checkMarker(epoch: string): Promise<'kept' | 'lost' | 'fenced'>;
  /** Tells every node of a canary; what was appended before it is told before it. */
  canary(canary: Canary): Promise<void>;
  /** How much of the feed is kept, and for how long. */
  readonly buffer: StreamBuffer;
}

/** The relay's side of the feed in Redis. */
export interface RelayFeed extends FeedPublisher {
  /** Resolves once Redis answers, which takes as long as it is away. */
  ping(): Promise<void>;
  /**
   * From here on Redis refuses these workspaces' frames of relays with a lower token, such as one that was frozen while this one
   * took over; others' from the first frame on. False when a relay with a higher token was here before. Until it is called
   * this publisher's token is 0.
   */
  takeOver(epoch: string, token: number, workspaces: readonly string[]): Promise<boolean>;
  /** What is at the end of a workspace's stream, after all that was appended before this call. */
  checkStream(epoch: string, workspace: string): Promise<StreamEnd>;
  /**
   * Drops what Redis holds of the epochs before this one, in these workspaces. Called before the first append of an epoch,
   * by the relay that holds the slot alone.
   */
  dropOtherEpochs(epoch: string, workspaces: readonly string[]): Promise<void>;
}

export interface FeedPublisherOptions extends RedisOptions {
  /** About how many frames a workspace's stream keeps (R4.4). */
  readonly streamLength: number;
  /** About how many bytes a workspace's stream keeps. */
  readonly streamBytes: number;
  /** A key held what no relay writes, and begins anew. */
  readonly onUnreadable: ReportUnreadable;
}

/** Frames are sent without waiting for answers, so one may wait behind thousands of others. */
const APPEND_LIMIT_MS = 10_000;

export function createFeedPublisher(options: FeedPublisherOptions): RelayFeed {
  const connection = connectRedis({ commandTimeoutMs: APPEND_LIMIT_MS, ...options });
  const { redis } = connection;
  const keys = feedKeys(options.prefix);
  let marker = '';
  let token = 0;
  const advance = (epoch: string, expected: string) => {
    marker = `${token}:${randomUUID()}`;
    return redis.advanceMarker(keys.marker(epoch), expected, marker, token);
  };
  return {
    append: (workspace, frame, { mayRestart, tell = 'frame' }) =>
      redis.appendFrame(
        keys.stream(frame.epoch, workspace),
        keys.fence(frame.epoch, workspace),
        frame.id,
        frame.prev,
        frame.txid,
        frame.json,
        options.streamLength,
        mayRestart ? '1' : '0',
        keys.frames(workspace),
        busMessage(frame, tell),
        frame.changes,
        formatChecksum(frame.checksum),
        token,
        options.streamBytes,
      ),
    beginMarker: async (epoch) => {
      await advance(epoch, '');
    },
    checkMarker: (epoch) => advance(epoch, marker),
    canary: async (canary) => {
      await redis.publish(keys.canary, encodeCanary(canary));
    },
    ping: async () => {
      await redis.ping();
    },
    takeOver: async (epoch, given, workspaces) => {
      token = given;
      const answers = await Promise.all(
        workspaces.map((workspace) => redis.raiseFence(keys.fence(epoch, workspace), token)),
      );
      return !answers.includes('fenced');
    },
    checkStream: async (epoch, workspace) => {
      const end = await redis.checkStream(keys.stream(epoch, workspace), keys.fence(epoch, workspace), token);
      if (end === 'damaged' || end === 'fenced') return { kind: end };
      return end === '' ? { kind: 'none' } : { kind: 'newest', id: end };
    },
    dropOtherEpochs: (epoch, workspaces) => dropOtherEpochs(redis, keys, epoch, workspaces, options.onUnreadable),
    buffer: createStreamBuffer(redis, keys, options.onUnreadable),
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
}

function busMessage(frame: BusFrame, tell: NonNullable<AppendOptions['tell']>): string {
  if (tell === 'nothing') return '';
  return tell === 'frame' ? encodeBusFrame(frame) : encodeBusRange(tell);
}
