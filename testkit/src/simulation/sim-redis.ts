import type { AppendAnswer, AppendOptions, BusFrame, FeedPublisher, FeedReader, PresenceBoard } from '@meldesync/bus';
import { comparePositions } from '@meldesync/protocol';
import type { BusListener } from '@meldesync/sync-node/logic';
import { Line } from './line.ts';
import type { Scheduler, SimProcess } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What the bus may do to what it carries. Chances of each message. */
export interface BusFaults {
  drop: number;
  repeat: number;
  delay: number;
  maxDelayMs: number;
}

export interface SimRedisOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly workspace: string;
  /** How many entries the stream keeps at most. */
  readonly streamLength: number;
  /** What is published, as each subscriber gets it: a simulation that must fail tampers here. */
  readonly tamper: (frame: BusFrame) => BusFrame | undefined;
}

/** A node's subscription: one connection, so what it carries stays in order. */
interface Subscriber {
  readonly process: SimProcess;
  readonly listener: BusListener;
  readonly line: Line;
  isSubscribed: boolean;
  /** Counts its connections: what is on the way over an old one never arrives. */
  connection: number;
}

interface Entry {
  readonly frame: BusFrame;
  readonly at: number;
}

const COMMAND_MS = [0.1, 2] as const;
const MIN_KEPT_MS = 1_000;

/**
 * Redis as far as the feed depends on it: the stream with the rule of `append-frame.ts`, channels that keep nothing, the
 * marker, and the presence board. Commands of a connection are carried out in their order.
 */
export class SimRedis {
  readonly faults: BusFaults = { drop: 0, repeat: 0, delay: 0, maxDelayMs: 0 };
  readonly process: SimProcess;
  readonly #options: SimRedisOptions;
  readonly #subscribers = new Set<Subscriber>();
  readonly #board = new Map<string, string>();
  /** Whether it ever lost what a node may have heard. */
  hasLost = false;
  #streams = new Map<string, Entry[]>();
  #markers = new Map<string, string>();
  #markerCount = 0;
  /** Commands wait until then. */
  #awayUntil = 0;

  constructor(options: SimRedisOptions) {
    this.#options = options;
    this.process = options.scheduler.process('redis');
  }

  /** Loses everything. */
  wipe(): void {
    this.hasLost = true;
    this.#streams = new Map();
    this.#markers = new Map();
    this.#board.clear();
  }

  /** Loses the newest entries and the last marker, as a failover to a replica that lags does. */
  loseNewest(count: number): void {
    this.hasLost = true;
    for (const stream of this.#streams.values()) stream.splice(Math.max(0, stream.length - count));
    this.#markers = new Map([...this.#markers].map(([epoch]) => [epoch, 'an older one']));
  }

  /** Drops the oldest entries. */
  trim(count: number): void {
    for (const stream of this.#streams.values()) for (let left = count; left > 0; left--) this.#dropOldest(stream);
  }

  /** Answers nobody for a while; every subscription breaks. */
  goAway(forMs: number): void {
    this.#awayUntil = Math.max(this.#awayUntil, this.#options.scheduler.now + forMs);
    for (const subscriber of this.#subscribers) this.#breakSubscription(subscriber, forMs);
  }

  /** Breaks one node's subscription. */
  breakOne(forMs: number): void {
    const subscribers = [...this.#subscribers].filter(({ process }) => process.isAlive);
    if (subscribers.length > 0) this.#breakSubscription(this.#options.random.pick(subscribers), forMs);
  }

  /** A node's connections, for the process whose turn it is. */
  reader(listener: BusListener): FeedReader {
    const { scheduler } = this.#options;
    const commands = this.#line();
    const subscriber: Subscriber = {
      process: scheduler.current,
      listener,
      line: this.#line(),
      isSubscribed: false,
      connection: 0,
    };
    return {
      range: (epoch, _workspace, after, limit) =>
        this.#command(commands, () =>
          this.#frames(epoch)
            .filter(({ id }) => comparePositions(id, after) > 0)
            .slice(0, limit),
        ),
      countAfter: (epoch, _workspace, after) =>
        this.#command(commands, () => {
          const frames = this.#frames(epoch).filter(({ id }) => comparePositions(id, after) > 0);
          return frames[0]?.prev === after ? frames.reduce((sum, { changes }) => sum + changes, 0) : undefined;
        }),
      newest: (epoch, _workspace, limit) => this.#command(commands, () => this.#frames(epoch).slice(-limit)),
      follow: () =>
        this.#command(commands, () => {
          subscriber.isSubscribed = true;
          this.#subscribers.add(subscriber);
        }),
      [Symbol.dispose]: () => this.#subscribers.delete(subscriber),
    };
  }

  /** A relay's connection, for the process whose turn it is. */
  publisher(): FeedPublisher {
    const commands = this.#line();
    let marker = '';
    const advance = (epoch: string, expected: string) => {
      marker = `marker ${++this.#markerCount}`;
      const next = marker;
      return this.#command(commands, (): 'kept' | 'lost' => {
        const held = this.#markers.get(epoch);
        this.#markers.set(epoch, next);
        return expected !== '' && held !== expected ? 'lost' : 'kept';
      });
    };
    return {
      append: (_workspace, frame, { mayRestart, tell = 'frame' }) =>
        this.#command(commands, () => this.#append(frame, mayRestart, tell)),
      beginMarker: async (epoch) => {
        await advance(epoch, '');
      },
      checkMarker: (epoch) => advance(epoch, marker),
      canary: (transitMs) => this.#command(commands, () => this.#publish(({ onCanary }) => onCanary(transitMs))),
      // Age and size of the buffer are the business of real Redis; here the stream is trimmed as a fault.
      buffer: { age: () => Promise.resolve(), size: () => Promise.resolve({ frames: 0, bytes: 0 }) },
      [Symbol.dispose]: () => {},
    };
  }

  /** A node's presence board, for the process whose turn it is. */
  board(): PresenceBoard {
    const commands = this.#line();
    return {
      post: (_workspace, node, message) =>
        this.#command(commands, () => {
          this.#board.set(node, message);
          this.#publish(({ onState }) => onState(this.#options.workspace, message));
        }),
      withdraw: (_workspace, node, message) =>
        this.#command(commands, () => {
          this.#board.delete(node);
          this.#publish(({ onState }) => onState(this.#options.workspace, message));
        }),
      read: () => this.#command(commands, () => [...this.#board.values()]),
      remove: (_workspace, node) => this.#command(commands, () => void this.#board.delete(node)),
      [Symbol.dispose]: () => {},
    };
  }

  /** The rule of `append-frame.ts`. */
  #append(frame: BusFrame, mayRestart: boolean, tell: NonNullable<AppendOptions['tell']>): AppendAnswer {
    let stream = this.#stream(frame.epoch);
    const last = stream.at(-1)?.frame.id;
    if (last !== undefined && comparePositions(frame.id, last) <= 0) return this.#judgeSeen(stream, frame);
    const isJoining = last === frame.prev;
    if (!isJoining && last !== undefined && comparePositions(frame.prev, last) < 0) return 'diverged';
    if (!isJoining && !mayRestart) return 'gap';
    if (!isJoining) stream = [];
    stream.push({ frame, at: this.#options.scheduler.now });
    if (stream.length > this.#options.streamLength) this.#dropOldest(stream);
    this.#streams.set(frame.epoch, stream);
    if (tell === 'frame') {
      const published = this.#options.tamper(frame);
      if (published) this.#publish(({ onFrame }) => onFrame(this.#options.workspace, published));
    } else if (tell !== 'nothing') {
      this.#publish(({ onRange }) => onRange(this.#options.workspace, tell));
    }
    return isJoining ? 'appended' : 'restarted';
  }

  #judgeSeen(stream: readonly Entry[], { id, txid }: BusFrame): AppendAnswer {
    const same = stream.find((entry) => entry.frame.id === id);
    if (same) return same.frame.txid === txid ? 'duplicate' : 'diverged';
    return comparePositions(id, stream[0]?.frame.id ?? id) < 0 ? 'duplicate' : 'diverged';
  }

  /** Unless it is young: in earnest a stream holds a day, and a commit is visible long before its entry is dropped. */
  #dropOldest(stream: Entry[]): void {
    const [oldest] = stream;
    if (oldest && stream.length > 1 && this.#options.scheduler.now - oldest.at >= MIN_KEPT_MS) stream.shift();
  }

  #stream(epoch: string): Entry[] {
    return this.#streams.get(epoch) ?? [];
  }

  #frames(epoch: string): BusFrame[] {
    return this.#stream(epoch).map(({ frame }) => frame);
  }

  #publish(deliver: (listener: BusListener) => void): void {
    const { random } = this.#options;
    const { drop, repeat, delay, maxDelayMs } = this.faults;
    for (const subscriber of this.#subscribers) {
      if (!subscriber.isSubscribed || random.chance(drop)) continue;
      const { connection } = subscriber;
      const times = random.chance(repeat) ? 2 : 1;
      const extraMs = random.chance(delay) ? random.between(0, maxDelayMs) : 0;
      for (let time = 0; time < times; time++) {
        subscriber.line.carry(subscriber.process, extraMs, () => {
          if (subscriber.connection === connection) deliver(subscriber.listener);
        });
      }
    }
  }

  #breakSubscription(subscriber: Subscriber, forMs: number): void {
    if (!subscriber.isSubscribed) return;
    subscriber.isSubscribed = false;
    subscriber.connection += 1;
    const { connection } = subscriber;
    this.#options.scheduler.after(forMs, this.process, () => {
      if (subscriber.connection !== connection) return;
      subscriber.isSubscribed = true;
      subscriber.line.carry(subscriber.process, 0, subscriber.listener.onResubscribed);
    });
  }

  #line(): Line {
    const { scheduler, random } = this.#options;
    return new Line(scheduler, () => random.between(...COMMAND_MS));
  }

  #command<T>(line: Line, carryOut: () => T): Promise<T> {
    const { scheduler } = this.#options;
    const asking = scheduler.current;
    return new Promise((resolve) => {
      line.carry(this.process, Math.max(0, this.#awayUntil - scheduler.now), () => {
        const answer = carryOut();
        line.carry(asking, 0, () => resolve(answer));
      });
    });
  }
}
