import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame } from '@meldesync/protocol';
import { waitUntil } from '../poll.ts';
import { serveCalls } from '../processes/remote.ts';
import { meldesyncWire } from './meldesync-wire.ts';
import { Receiver } from './receiver.ts';
import { socketIoWire } from './socket-io-wire.ts';
import type { Target } from './wire.ts';

/** Receivers to open; they take turns on the targets. */
export interface ReceiveOrder {
  readonly targets: readonly Target[];
  readonly clients: number;
}

/** What the receivers have got since they connected, in sum. */
export interface ReceiverReport {
  readonly deliveries: number;
  readonly outOfOrder: number;
  /** Messages that carried frames, and their size. */
  readonly messages: number;
  readonly bytes: number;
  /** All frames, as the first receiver got them. */
  readonly frames: readonly Frame[];
}

/** How many receivers connect at the same time. */
const CONNECTING_AT_ONCE = 25;
const REPEAT_PATIENCE_MS = 300;

const receivers: Receiver[] = [];
const frames: Frame[] = [];

const handlers = {
  /** Resolves when all receivers hear what is sent. */
  connect: async ({ targets, clients }: ReceiveOrder): Promise<void> => {
    for (let index = 0; index < clients; index++) {
      const target = targets[index % targets.length];
      if (target) receivers.push(openReceiver(target, index === 0));
      if (index % CONNECTING_AT_ONCE === CONNECTING_AT_ONCE - 1) await allReady();
    }
    await allReady();
  },

  /**
   * Waits until every receiver has got that many frames since it connected, or until that is past hope; and a little
   * more, for what comes twice.
   */
  settle: async ({ frames }: { frames: number }): Promise<void> => {
    await waitUntil(() => receivers.every((receiver) => receiver.frames >= frames));
    await sleep(REPEAT_PATIENCE_MS);
  },

  report: async (_order: null): Promise<ReceiverReport> => ({
    deliveries: sum((receiver) => receiver.frames),
    outOfOrder: sum((receiver) => receiver.gaps + receiver.repeated),
    messages: sum((receiver) => receiver.messages.count),
    bytes: sum((receiver) => receiver.messages.bytes),
    frames,
  }),

  /** Ends all connections, so that a server that stops finds none. */
  close: async (_order: null): Promise<void> => {
    for (const receiver of receivers) receiver.close();
  },
};
export type ReceiverProcess = typeof handlers;

function openReceiver(target: Target, keepsFrames: boolean): Receiver {
  return new Receiver({
    wire: target.system === 'meldesync' ? meldesyncWire(target) : socketIoWire(target),
    onFailure: (error) => {
      throw error;
    },
    onFrame: keepsFrames ? (frame) => frames.push(frame) : undefined,
  });
}

async function allReady(): Promise<void> {
  const ready = await waitUntil(() => receivers.every((receiver) => receiver.ready));
  if (!ready) throw new Error('not every receiver could connect');
}

function sum(value: (receiver: Receiver) => number): number {
  return receivers.reduce((total, receiver) => total + value(receiver), 0);
}

serveCalls(handlers);
