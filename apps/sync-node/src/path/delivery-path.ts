import type { BusFrame } from '@meldesync/bus';
import type { Applied, ClientSpan, TierMs } from '@meldesync/protocol';
import {
  type EndedSpan,
  epochMs,
  parseTraceparent,
  SLOW_MS,
  type TraceContext,
  type Tracing,
} from '@meldesync/telemetry';
import { LRUCache } from 'lru-cache';
import type { Flushed, Teller } from './path-watch.ts';
import { type SentFrame, SentFrames } from './sent-frames.ts';

/** A part of the way of a frame that ends in this node or in a client of it. */
type NodeHop = 'bus-node' | 'node-socket' | 'socket-applied';

export interface DeliveryPathOptions {
  readonly tracing: Tracing;
  readonly onHop: (hop: NodeHop, seconds: number) => void;
  /** How old what this node hears is at most, by its canaries, in milliseconds. */
  readonly newsAgeMs: () => number;
  /** The client of a person had applied a change so long after its commit. */
  readonly onDelivery: (delivery: Delivery) => void;
}

interface Delivery {
  readonly tierMs: TierMs;
  readonly seconds: number;
  readonly person: string;
  readonly trace: TraceContext | undefined;
}

/** Of so many edits it is known who sent them, when a client tells how long they took. */
const MAX_EDITS = 1_000;
/** So far the clocks of the servers may be apart unnoticed. */
const APART_MS = 1_000;
/** What a client says is believed up to here. */
const MOST_MS = 3_600_000;

/**
 * Follows frames from the bus to the screens of the clients: one span for all sockets of a node, and one for each client that tells. What
 * a client tells is believed of what this node has sent it, or got from it, and within the times that are possible then.
 */
export class DeliveryPath {
  readonly #options: DeliveryPathOptions;
  readonly #sent = new SentFrames();
  /** When edits arrived, by who sent them and as what. */
  readonly #edits = new LRUCache<string, number>({ max: MAX_EDITS });

  constructor(options: DeliveryPathOptions) {
    this.#options = options;
  }

  /** Frames have been given to the sockets of a tier as one message. */
  flushed({ workspace, frames, tierMs, sockets }: Flushed): void {
    const now = epochMs();
    if (tierMs === 0) for (const frame of frames) this.#measure(frame, now);
    // What went to nobody, nobody tells of.
    if (sockets === 0) return;
    const { tracing, newsAgeMs } = this.#options;
    const moment = { sentAt: now, newsAgeMs: newsAgeMs() };
    const sent = frames.map((frame) => ({ frame, sent: this.#sent.sent(frame, { workspace, tierMs }, moment) }));
    if (!tracing.isOn) return;
    const traced = sent.flatMap(({ frame: { way }, sent: remembered }) => {
      const parent = parseTraceparent(way?.traceparent);
      if (!way || !parent || !remembered || way.receivedAt === undefined) return [];
      const isSlow = tierMs === 0 && now - beganAt(remembered, tierMs) > SLOW_MS;
      return parent.isSampled || isSlow ? [{ way, parent, receivedAt: way.receivedAt, isSlow, remembered }] : [];
    });
    // A slower tier merges frames on purpose: one span stands for all of them, and hangs on the others by links.
    for (const { way, parent, receivedAt, isSlow, remembered } of tierMs === 0 ? traced : traced.slice(0, 1)) {
      const context = tracing.begin(parent);
      remembered.given = context;
      tracing.end({
        name: 'deliver',
        kind: 'consumer',
        context,
        parent,
        startMs: receivedAt,
        endMs: now,
        isSlow,
        links: traced.flatMap((other) => (other.way === way ? [] : other.parent)),
        attributes: {
          'meldesync.sockets': sockets,
          'meldesync.tier': tierMs,
          'meldesync.frames': frames.length,
          'messaging.system': 'redis',
        },
      });
    }
  }

  /** A client says when it had applied a frame: not before it was sent, and not after now. */
  applied({ committedAt, receivedAt, appliedAt, isExtra = false, trace }: Applied, teller: Teller): void {
    const { tracing, onHop, onDelivery } = this.#options;
    const { tierMs, person } = teller;
    const sent = this.#sent.told(committedAt, teller, person);
    if (!sent) return;
    const endMs = within(appliedAt, sent.sentAt, epochMs());
    const parent =
      trace !== undefined && trace === sent.traceparent ? (sent.given ?? parseTraceparent(trace)) : undefined;
    if (!isExtra) {
      onDelivery({ tierMs, seconds: seconds(beganAt(sent, tierMs), endMs), person, trace: parent });
      onHop('socket-applied', seconds(sent.sentAt, endMs));
    }
    if (!tracing.isOn || !parent) return;
    tracing.end({
      name: 'applied',
      kind: 'consumer',
      context: tracing.begin(parent),
      parent,
      startMs: within(receivedAt, sent.sentAt, endMs),
      endMs,
      attributes: { 'meldesync.tier': tierMs },
      isOfClient: true,
    });
  }

  /** A person's edit has come, with the trace that its client began for it. */
  editArrived(traceparent: string | undefined, person: string, waitedMs: number): void {
    if (!this.#options.tracing.isOn || traceparent === undefined) return;
    this.#edits.set(`${person} ${traceparent}`, epochMs() - waitedMs);
  }

  /** A client says how long something took that its person did: begun before it came here, and over by now. */
  spanned({ name, traceparent, startedAt, endedAt, outcome }: ClientSpan, person: string): void {
    const context = parseTraceparent(traceparent);
    const arrivedAt = this.#edits.get(`${person} ${traceparent}`);
    if (!context || arrivedAt === undefined) return;
    this.#edits.delete(`${person} ${traceparent}`);
    const startMs = within(startedAt, arrivedAt - MOST_MS, arrivedAt);
    const endMs = within(endedAt, arrivedAt, epochMs());
    const span: EndedSpan = { name: `click ${name}`, context, startMs, endMs, isOfClient: true };
    this.#options.tracing.end(outcome === 'failed' ? { ...span, failure: outcome } : span);
  }

  #measure({ way }: BusFrame, now: number): void {
    if (way?.receivedAt === undefined) return;
    const { onHop } = this.#options;
    onHop('bus-node', seconds(way.sentAt, way.receivedAt));
    onHop('node-socket', seconds(way.receivedAt, now));
  }
}

function seconds(fromMs: number, toMs: number): number {
  return Math.min(MOST_MS, Math.max(0, toMs - fromMs)) / 1_000;
}

function within(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}

/**
 * From when a delivery is measured: the commit, by Postgres' clock. Where it would then have been on its way for longer than anything was
 * that this node heard, or have been sent before it was committed, one of the two clocks is wrong, and what this node saw counts alone: no
 * level is raised for that, and none is missed (R5.4).
 */
function beganAt({ committedAt, receivedAt, sentAt, newsAgeMs }: SentFrame, tierMs: number): number {
  const onTheWayMs = sentAt - committedAt;
  return onTheWayMs > newsAgeMs + tierMs + APART_MS || onTheWayMs < -APART_MS ? receivedAt : committedAt;
}
