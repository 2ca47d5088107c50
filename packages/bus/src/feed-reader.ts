import type { FramePosition } from '@meldesync/protocol';
import type { Redis } from 'ioredis';
import { type BusFrame, type BusRange, decodeBusMessage, parseChecksum } from './bus-message.ts';
import { busAnswer } from './bus-unavailable.ts';
import { decodeCanary } from './canary.ts';
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
}

export interface FeedReaderOptions extends RedisOptions {
  readonly onFrame: (workspace: string, frame: BusFrame) => void;
  readonly onRange: (workspace: string, range: BusRange) => void;
  /** `message` is JSON for the clients. */
  readonly onNotice: (workspace: string, message: string) => void;
  /** `message` is JSON of a node, about locks or about who is here. */
  readonly onState: (workspace: string, message: string) => void;
  /** A canary came over the subscription, that took so long from Postgres to the relay. */
  readonly onCanary: (transitMs: number) => void;
  /** A message could not be taken in, and is left out; the workspace is empty where it is of none. */
  readonly onUnreadable: (workspace: string, error: unknown) => void;
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
  return {
    range: async (epoch, workspace, after, limit) => {
      const entries = await ask(() => redis.xrange(keys.stream(epoch, workspace), `(${after}`, '+', 'COUNT', limit));
      return entries.map((entry) => toFrame(epoch, entry));
    },
    newest: async (epoch, workspace, limit) => {
      const entries = await ask(() => redis.xrevrange(keys.stream(epoch, workspace), '+', '-', 'COUNT', limit));
      return entries.reverse().map((entry) => toFrame(epoch, entry));
    },
    countAfter: async (epoch, workspace, after) => {
      const stream = keys.stream(epoch, workspace);
      const [[first], [last]] = await ask(() =>
        Promise.all([
          redis.xrange(stream, `(${after}`, '+', 'COUNT', 1),
          redis.xrevrange(stream, '+', '-', 'COUNT', 1),
        ]),
      );
      if (!first || !last || field(first, 'p') !== after) return undefined;
      return Number(field(last, 's')) - Number(field(first, 's')) + Number(field(first, 'n'));
    },
    follow: async (workspace) => {
      followed.add(workspace);
      await busAnswer(subscriber.subscribe(...keys.channels(workspace)));
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
      options.onUnreadable(about?.workspace ?? '', error);
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
  if (canary) options.onCanary(canary.transitMs);
}

function take(about: Channel, message: string, options: FeedReaderOptions): void {
  if (about.kind === 'notices') options.onNotice(about.workspace, message);
  if (about.kind === 'state') options.onState(about.workspace, message);
  if (about.kind !== 'frames') return;
  const decoded = decodeBusMessage(message);
  if (decoded?.kind === 'frame') options.onFrame(about.workspace, decoded.frame);
  if (decoded?.kind === 'range') options.onRange(about.workspace, decoded.range);
}

type StreamEntry = [id: string, fields: string[]];

function toFrame(epoch: string, entry: StreamEntry): BusFrame {
  const [id] = entry;
  return {
    epoch,
    id,
    prev: field(entry, 'p'),
    txid: field(entry, 'x'),
    changes: Number(field(entry, 'n')),
    checksum: parseChecksum(findField(entry, 'c')),
    json: field(entry, 'f'),
  };
}

function field(entry: StreamEntry, name: string): string {
  const value = findField(entry, name);
  if (value === undefined) throw new Error(`stream entry ${entry[0]} lacks ${name}`);
  return value;
}

function findField([, fields]: StreamEntry, name: string): string | undefined {
  for (let index = 0; index < fields.length; index += 2) {
    if (fields[index] === name) return fields[index + 1];
  }
  return undefined;
}
