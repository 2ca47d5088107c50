import type { BusListener } from '@meldesync/sync-node/logic';
import type { Line } from './line.ts';
import type { Scheduler, SimProcess } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Service } from './service.ts';

/** What the bus may do to what it carries. Chances of each message. */
export interface BusFaults {
  drop: number;
  repeat: number;
  delay: number;
  maxDelayMs: number;
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

export interface BusChannelsOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly service: Service;
}

/** Redis' channels: they keep nothing, and who is not there hears nothing. */
export class BusChannels {
  readonly faults: BusFaults = { drop: 0, repeat: 0, delay: 0, maxDelayMs: 0 };
  readonly #options: BusChannelsOptions;
  readonly #subscribers = new Set<Subscriber>();

  constructor(options: BusChannelsOptions) {
    this.#options = options;
  }

  /** The connection that the process whose turn it is will hear by. */
  add(listener: BusListener): Subscriber {
    const { scheduler, service } = this.#options;
    return { process: scheduler.current, listener, line: service.line(), isSubscribed: false, connection: 0 };
  }

  subscribe(subscriber: Subscriber): void {
    subscriber.isSubscribed = true;
    this.#subscribers.add(subscriber);
  }

  remove(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
  }

  publish(deliver: (listener: BusListener) => void): void {
    const { random, service } = this.#options;
    const { drop, repeat, delay, maxDelayMs } = this.faults;
    for (const subscriber of this.#subscribers) {
      if (!subscriber.process.isAlive) this.#subscribers.delete(subscriber);
      if (!subscriber.isSubscribed || random.chance(drop)) continue;
      const { connection, process, line } = subscriber;
      const times = random.chance(repeat) ? 2 : 1;
      const extraMs = service.silentMs(process) + (random.chance(delay) ? random.between(0, maxDelayMs) : 0);
      for (let time = 0; time < times; time++) {
        line.carry(process, extraMs, () => {
          if (subscriber.connection === connection) deliver(subscriber.listener);
        });
      }
    }
  }

  /** Every subscription breaks, and stands again after a while. */
  breakAll(forMs: number): void {
    for (const subscriber of this.#subscribers) this.#break(subscriber, forMs);
  }

  /** One does. */
  breakOne(forMs: number): void {
    const living = [...this.#subscribers].filter(({ process }) => process.isAlive);
    if (living.length > 0) this.#break(this.#options.random.pick(living), forMs);
  }

  /** That of one node does. */
  breakOf(process: SimProcess, forMs: number): void {
    for (const subscriber of this.#subscribers) if (subscriber.process === process) this.#break(subscriber, forMs);
  }

  #break(subscriber: Subscriber, forMs: number): void {
    const { scheduler, service } = this.#options;
    if (!subscriber.isSubscribed) return;
    subscriber.isSubscribed = false;
    subscriber.connection += 1;
    const { connection } = subscriber;
    scheduler.after(forMs, service.process, () => {
      if (subscriber.connection !== connection) return;
      subscriber.isSubscribed = true;
      subscriber.line.carry(subscriber.process, 0, subscriber.listener.onResubscribed);
    });
  }
}
