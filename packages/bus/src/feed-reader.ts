import type { FramePosition, ReportUnreadable } from '@meldesync/protocol';
import type { Redis } from 'ioredis';
import { areFacts, type BusFrame, type BusRange, decodeBusMessage, parseChecksum } from './bus-message.ts';
import { busAnswer } from './bus-unavailable.ts';
import { type Canary, decodeCanary } from './canary.ts';
import { connectRedis, type RedisOptions } from './connection.ts';
import { type Channel, feedKeys } from './keys.ts';
import { createWhenReady } from './when-ready.ts';

/** A node's side of the feed in Redis. What is asked rejects with a `BusUnavailableError` when Redis does not answer in time. */
export interface FeedReader extends Disposable {
  /** Frames after a position, oldest first, at most `limit`. The first one's `prev` says whether they join on. */
  range(epoch: string, workspace: string, after: FramePosition, limit: number): Promise<BusFrame[]>;
  /** The newest frames of the stream, oldest first, at most `limit`; empty when Redis holds none. */
  newest(epoch: string, workspace: string, limit: number): Promise<BusFrame[]>;
  /**
   * How many changes the stream holds after a position, without reading them; undefined when the stream does not join on
   * to that position.
   */
  countAfter(epoch: string, workspace: string, after: FramePosition): Promise<number | undefined>;
  /** Starts to hear a workspace's frames, notices and states; resolves once Redis delivers them. */
  follow(workspace: string): Promise<void>;
  /** Hears nothing more of a workspace. */
  unfollow(workspace: string): void;
}

export interface FeedReaderOptions extends RedisOptions {
  readonly onFrame: (workspace: string, frame: BusFrame) => void;
  readonly onRange: (workspace: string, range: BusRange) => void;
  /** `message` is JSON for the clients. */
  readonly onNotice: (workspace: string, message: string) => void;
  /** `message` is JSON of a node, about locks or about who is here. */
  readonly onState: (workspace: string, message: string) => void;
  /** A canary came over the subscription. */
  readonly onCanary: (canary: Canary) => void;
  /** A message or an entry could not be read, and is left out. */
  readonly onUnreadable: ReportUnreadable;
  /** A message could not be taken in, for a mistake in the program: it is left out as well. */
  readonly onFailed: (error: unknown) => void;
  /** The subscription was broken and stands again: messages may have been missed. */
  readonly onResubscribed: () => void;
}

/** A client waits for what is read here, and is better served without Redis than late. */
const ANSWER_LIMIT_MS = 2_000;

export function createFeedReader(options: FeedReaderOptions): FeedReader {
  const keys = feedKeys(options.prefix);
  const limited = { ...options, commandTimeoutMs: ANSWER_LIMIT_MS };
  const connections = [connectRedis(limited), connectRedis(limited)] as const;
  const [{ redis }, { redis: subscriber }] = connections;
  const whenReady = createWhenReady(redis, ANSWER_LIMIT_MS);
  const ask = <T>(question: () => Promise<T>): Promise<T> => busAnswer(whenReady().then(question));
  const followed = new Set<string>();
  listen(subscriber, followed, options);
  const framesOf = (epoch: string, workspace: string, entries: readonly StreamEntry[]): BusFrame[] =>
    entries.flatMap((entry) => {
      const frame = toFrame(epoch, entry);
      if (!frame) options.onUnreadable({ place: 'stream-entry', workspace, reason: 'no frame' });
      return frame ?? [];
    });
  return {
    range: async (epoch, workspace, after, limit) => {
      const entries = await ask(() => redis.xrange(keys.stream(epoch, workspace), `(${after}`, '+', 'COUNT', limit));
      return framesOf(epoch, workspace, entries);
    },
    newest: async (epoch, workspace, limit) => {
      const entries = await ask(() => redis.xrevrange(keys.stream(epoch, workspace), '+', '-', 'COUNT', limit));
      return framesOf(epoch, workspace, entries.reverse());
    },
    countAfter: async (epoch, workspace, after) => {
      const stream = keys.stream(epoch, workspace);
      const [[first], [last]] = await ask(() =>
        Promise.all([
          redis.xrange(stream, `(${after}`, '+', 'COUNT', 1),
          redis.xrevrange(stream, '+', '-', 'COUNT', 1),
        ]),
      );
      if (!first || !last || findField(first, 'p') !== after) return undefined;
      const number = (entry: StreamEntry, name: string) => Number(findField(entry, name));
      const count = number(last, 's') - number(first, 's') + number(first, 'n');
      return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
    },
    follow: async (workspace) => {
      followed.add(workspace);
      await busAnswer(subscriber.subscribe(...keys.channels(workspace)));
    },
    unfollow: (workspace) => {
      if (!followed.delete(workspace)) return;
      subscriber.unsubscribe(...keys.channels(workspace)).catch(options.onConnectionError);
    },
    [Symbol.dispose]: () => {
      for (const connection of connections) connection[Symbol.dispose]();
    },
  };
}

/** `followed` are the workspaces whose channels are subscribed to, again each time that the connection comes back. */
function listen(subscriber: Redis, followed: ReadonlySet<string>, options: FeedReaderOptions): void {
  const keys = feedKeys(options.prefix);
  let wasReady = false;
  subscriber.on('message', (channel, message) => {
    const about = keys.parseChannel(channel);
    try {
      if (channel === keys.canary) takeCanary(message, options);
      else if (about) take(about, message, options);
    } catch (error) {
      // Thrown on, it would end the process: whatever somebody publishes costs that message alone.
      options.onFailed(error);
    }
  });
  subscriber.on('ready', () => {
    // What `follow` asks for on the first connection waits for it by itself.
    const isBack = wasReady && followed.size > 0;
    const channels = isBack ? [...followed].flatMap(keys.channels) : [];
    const subscribed = subscriber.subscribe(keys.canary, ...channels);
    subscribed.then(() => isBack && options.onResubscribed(), options.onConnectionError);
    wasReady = true;
  });
}

function takeCanary(message: string, options: FeedReaderOptions): void {
  const canary = decodeCanary(message);
  if (canary) options.onCanary(canary);
  else options.onUnreadable({ place: 'canary', reason: 'no canary' });
}

function take(about: Channel, message: string, options: FeedReaderOptions): void {
  if (about.kind === 'notices') options.onNotice(about.workspace, message);
  if (about.kind === 'state') options.onState(about.workspace, message);
  if (about.kind !== 'frames') return;
  const decoded = decodeBusMessage(message);
  if (decoded?.kind === 'frame') options.onFrame(about.workspace, decoded.frame);
  if (decoded?.kind === 'range') options.onRange(about.workspace, decoded.range);
  if (!decoded) options.onUnreadable({ place: 'feed-message', workspace: about.workspace, reason: 'no frame' });
}

type StreamEntry = [id: string, fields: string[]];

/** The frame that an entry holds; undefined where somebody else wrote it. */
function toFrame(epoch: string, entry: StreamEntry): BusFrame | undefined {
  const [id] = entry;
  const [prev, txid, changes, json] = ['p', 'x', 'n', 'f'].map((name) => findField(entry, name));
  if (prev === undefined || txid === undefined || changes === undefined || json === undefined) return undefined;
  const checksum = parseChecksum(findField(entry, 'c'));
  const frame = { epoch, id, prev, txid, changes: Number(changes), checksum, json };
  return areFacts({ ...frame, positions: [id, prev] }) ? frame : undefined;
}

function findField([, fields]: StreamEntry, name: string): string | undefined {
  for (let index = 0; index < fields.length; index += 2) {
    if (fields[index] === name) return fields[index + 1];
  }
  return undefined;
}
