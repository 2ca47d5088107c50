import {
  type AppendAnswer,
  type AppendOptions,
  type BusFrame,
  BusUnavailableError,
  type FeedReader,
  type PresenceBoard,
  type RelayFeed,
} from '@meldesync/bus';
import { comparePositions } from '@meldesync/protocol';
import type { BusListener } from '@meldesync/sync-node/logic';
import { BusChannels, type BusFaults } from './bus-channels.ts';
import type { Lag } from './lag.ts';
import type { Sabotage } from './sabotage.ts';
import type { Scheduler } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import { Service } from './service.ts';
import { SimStreams } from './sim-stream.ts';

export interface SimRedisOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly lag: Lag;
  readonly workspace: string;
  /** How many entries the stream keeps at most. */
  readonly streamLength: number;
  readonly sabotage: Sabotage | undefined;
  readonly violated: (what: string) => void;
  /** What is published, as each subscriber gets it: a simulation that must fail tampers here. */
  readonly tamper: (frame: BusFrame) => BusFrame | undefined;
}

const COMMAND_MS = [0.1, 2] as const;
/** As the reader, the relay and the board ask (`packages/bus`, `apps/relay/src/pass.ts`). */
const READ_LIMIT_MS = 2_000;
const APPEND_LIMIT_MS = 10_000;
const RELAY_LIMIT_MS = 5_000;
const BOARD_LIMIT_MS = 4_000;

/**
 * Redis as far as the feed depends on it: streams, fences and markers by the rules of its scripts, channels that keep nothing,
 * and the presence board. Commands of a connection are carried out in their order.
 */
export class SimRedis {
  readonly service: Service;
  readonly channels: BusChannels;
  readonly #options: SimRedisOptions;
  #board = new Map<string, string>();
  /** Whether it ever lost what a node may have heard. */
  hasLost = false;
  #streams = new SimStreams();
  /** As it was now and then. */
  readonly #backups: SimStreams[] = [];
  #markerCount = 0;
  #fullUntil = 0;
  /** The highest token of a relay that has taken the feed over, by epoch: from then on no lower one may write. */
  readonly #taken = new Map<string, number>();

  constructor(options: SimRedisOptions) {
    this.#options = options;
    const { scheduler, random, lag } = options;
    this.service = new Service({
      name: 'redis',
      scheduler,
      random,
      lag,
      delayMs: COMMAND_MS,
      trouble: () => new BusUnavailableError({ cause: new Error('no answer') }),
    });
    this.channels = new BusChannels({ scheduler, random, service: this.service });
  }

  get faults(): BusFaults {
    return this.channels.faults;
  }

  /** Loses everything. */
  wipe(): void {
    this.hasLost = true;
    this.#streams = new SimStreams();
    this.#taken.clear();
    this.#board.clear();
  }

  /** Somebody meddles with the streams. */
  tamper(act: (streams: SimStreams, now: number) => void): void {
    this.hasLost = true;
    act(this.#streams, this.#options.scheduler.now);
  }

  /** Keeps a copy, to be put back later. */
  backUp(): void {
    this.#backups.push(new SimStreams(this.#streams));
  }

  /** Puts the streams back as they once were; empty when there is no copy. */
  restore(): void {
    this.hasLost = true;
    const { random } = this.#options;
    this.#streams = this.#backups.length > 0 ? new SimStreams(random.pick(this.#backups)) : new SimStreams();
    this.#taken.clear();
  }

  /** Refuses to keep anything for a while. */
  fill(forMs: number): void {
    this.#fullUntil = Math.max(this.#fullUntil, this.#options.scheduler.now + forMs);
  }

  /** Is gone for a while: every subscription breaks, commands wait. */
  goAway(forMs: number): void {
    this.service.pause(forMs);
    this.channels.breakAll(forMs);
  }

  /** A node's connections, for the process whose turn it is. */
  reader(listener: BusListener): FeedReader {
    const commands = this.service.line();
    const subscriber = this.channels.add(listener);
    const read = <T>(what: string, carryOut: () => T): Promise<T> =>
      this.service.ask(commands, { what, carryOut, limitMs: READ_LIMIT_MS });
    return {
      range: (epoch, _workspace, after, limit) =>
        read('range', () =>
          this.#streams
            .frames(epoch)
            .filter(({ id }) => comparePositions(id, after) > 0)
            .slice(0, limit),
        ),
      countAfter: (epoch, _workspace, after) =>
        read('countAfter', () => {
          const frames = this.#streams.frames(epoch).filter(({ id }) => comparePositions(id, after) > 0);
          return frames[0]?.prev === after ? frames.reduce((sum, { changes }) => sum + changes, 0) : undefined;
        }),
      newest: (epoch, _workspace, limit) => read('newest', () => this.#streams.frames(epoch).slice(-limit)),
      follow: () => read('follow', () => this.channels.subscribe(subscriber)),
      // There is one workspace, and canaries are heard by who follows none.
      unfollow: () => {},
      [Symbol.dispose]: () => this.channels.remove(subscriber),
    };
  }

  /** A relay's connection, for the process whose turn it is. */
  publisher(): RelayFeed {
    const commands = this.service.line();
    let marker = '';
    let token = 0;
    const ask = <T>(what: string, carryOut: () => T, limitMs = RELAY_LIMIT_MS): Promise<T> =>
      this.service.ask(commands, { what, carryOut, limitMs });
    const write = <T>(what: string, carryOut: () => T, limitMs = RELAY_LIMIT_MS): Promise<T> =>
      ask(what, () => this.#unlessFull(carryOut), limitMs);
    const advance = (what: string, epoch: string, expected: string) => {
      marker = `${token}:${++this.#markerCount}`;
      const next = marker;
      return write(what, () => this.#streams.advanceMarker(epoch, expected, next, token));
    };
    return {
      append: (_workspace, frame, { mayRestart, tell = 'frame' }) =>
        write('append', () => this.#append(frame, mayRestart, tell, token), APPEND_LIMIT_MS),
      beginMarker: async (epoch) => {
        await advance('beginMarker', epoch, '');
      },
      checkMarker: (epoch) => advance('checkMarker', epoch, marker),
      canary: (canary) => ask('canary', () => this.channels.publish(({ onCanary }) => onCanary(canary))),
      ping: () => ask('ping', () => undefined),
      takeOver: (epoch, given) => {
        token = given;
        return write('takeOver', () => {
          const isRaised = this.#streams.raiseFence(epoch, given);
          if (isRaised) this.#taken.set(epoch, given);
          return isRaised;
        });
      },
      checkStream: (epoch) => ask('checkStream', () => this.#streams.check(epoch, token)),
      dropOtherEpochs: (epoch) => write('dropOtherEpochs', () => this.#streams.dropOtherEpochs(epoch)),
      // Age and size of the buffer are the business of real Redis; here the stream is trimmed as a fault.
      buffer: {
        moments: () => Promise.resolve([]),
        note: () => Promise.resolve(true),
        forget: () => Promise.resolve(),
        dropBefore: () => Promise.resolve(0),
        size: () => Promise.resolve({ frames: 0, bytes: 0, first: undefined }),
        memory: () => Promise.resolve({ used: 0, most: 0 }),
      },
      [Symbol.dispose]: () => {},
    };
  }

  /** A node's presence board, for the process whose turn it is. */
  board(): PresenceBoard {
    const { workspace } = this.#options;
    const commands = this.service.line();
    const ask = <T>(what: string, carryOut: () => T): Promise<T> =>
      this.service.ask(commands, { what, carryOut, limitMs: BOARD_LIMIT_MS });
    const tell = (message: string): void => this.channels.publish(({ onState }) => onState(workspace, message));
    return {
      post: (_workspace, node, message) =>
        ask('post', () =>
          this.#unlessFull(() => {
            this.#board.set(node, message);
            tell(message);
          }),
        ),
      withdraw: (_workspace, node, message) =>
        ask('withdraw', () => {
          this.#board.delete(node);
          tell(message);
        }),
      read: () => ask('read', () => [...this.#board.values()]),
      remove: (_workspace, node) => ask('remove', () => void this.#board.delete(node)),
      [Symbol.dispose]: () => {},
    };
  }

  #append(frame: BusFrame, mayRestart: boolean, tell: NonNullable<AppendOptions['tell']>, token: number): AppendAnswer {
    const { scheduler, workspace, streamLength, sabotage, tamper, violated } = this.#options;
    const asked = sabotage === 'no-fence' ? (this.#taken.get(frame.epoch) ?? token) : token;
    const answer = this.#streams.append(frame, mayRestart, asked, scheduler.now, streamLength);
    const isKept = answer === 'appended' || answer === 'restarted';
    // Of an epoch that Redis lost with its fence there is a gap, and nothing is taken either.
    const isRefused = answer === 'fenced' || answer === 'gap';
    if (!isRefused && token < (this.#taken.get(frame.epoch) ?? 0)) {
      violated(`a relay that had been replaced was answered ${answer}`);
    }
    if (!isKept) return answer;
    if (tell === 'frame') {
      const published = tamper(frame);
      if (published) this.channels.publish(({ onFrame }) => onFrame(workspace, published));
    } else if (tell !== 'nothing') {
      this.channels.publish(({ onRange }) => onRange(workspace, tell));
    }
    return answer;
  }

  #unlessFull<T>(carryOut: () => T): T {
    if (this.#options.scheduler.now >= this.#fullUntil) return carryOut();
    throw new BusUnavailableError({ cause: new Error('OOM command not allowed') });
  }
}
