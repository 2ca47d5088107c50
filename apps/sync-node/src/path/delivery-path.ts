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

/** A part of the way of a frame that ends in this node or in a client of it. */
type NodeHop = 'bus-node' | 'node-socket' | 'socket-applied';

export interface DeliveryPathOptions {
  readonly tracing: Tracing;
  readonly onHop: (hop: NodeHop, seconds: number) => void;
  /** A client had applied a change so long after its commit. */
  readonly onDelivery: (tierMs: TierMs, seconds: number, trace: TraceContext | undefined) => void;
}

/** Of so many traced frames it is known which span gave them to the sockets, when a client tells of them. */
const MAX_REMEMBERED = 1_000;
/** What a client says is believed up to here. */
const MOST_SECONDS = 3_600;

/** Follows frames from the bus to the screens of the clients: one span for all sockets of a node, and one for each client that tells. */
export class DeliveryPath {
  readonly #options: DeliveryPathOptions;
  readonly #given = new LRUCache<string, TraceContext>({ max: MAX_REMEMBERED });

  constructor(options: DeliveryPathOptions) {
    this.#options = options;
  }

  /** Frames have been given to the sockets of a tier as one message. */
  flushed(frames: readonly BusFrame[], tierMs: TierMs, sockets: number): void {
    const now = epochMs();
    if (tierMs === 0) for (const frame of frames) this.#measure(frame, now);
    const { tracing } = this.#options;
    if (!tracing.isOn || sockets === 0) return;
    const traced = frames.flatMap(({ way }) => {
      const parent = parseTraceparent(way?.traceparent);
      if (!way || !parent || way.receivedAt === undefined) return [];
      const isSlow = tierMs === 0 && now - way.committedAt > SLOW_MS;
      return parent.isSampled || isSlow ? [{ way, parent, receivedAt: way.receivedAt, isSlow }] : [];
    });
    // A slower tier merges frames on purpose: one span stands for all of them, and hangs on the others by links.
    for (const { way, parent, receivedAt, isSlow } of tierMs === 0 ? traced : traced.slice(0, 1)) {
      const context = tracing.begin(parent);
      if (way.traceparent !== undefined) this.#given.set(keyOf(way.traceparent, tierMs), context);
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

  /** A client says when it had applied a frame. */
  applied({ committedAt, sentAt, receivedAt, appliedAt, isExtra = false, trace }: Applied, tierMs: TierMs): void {
    const { tracing, onHop, onDelivery } = this.#options;
    const given = trace === undefined ? undefined : this.#given.get(keyOf(trace, tierMs));
    const parent = given ?? parseTraceparent(trace);
    if (!isExtra) {
      onDelivery(tierMs, seconds(committedAt, appliedAt), parent);
      onHop('socket-applied', seconds(sentAt, appliedAt));
    }
    if (!tracing.isOn || !parent) return;
    tracing.end({
      name: 'applied',
      kind: 'consumer',
      context: tracing.begin(parent),
      parent,
      startMs: receivedAt,
      endMs: appliedAt,
      attributes: { 'meldesync.tier': tierMs },
      isOfClient: true,
    });
  }

  /** A client says how long something took that its person did. */
  spanned({ name, traceparent, startedAt, endedAt, outcome }: ClientSpan): void {
    const context = parseTraceparent(traceparent);
    if (!context) return;
    const span: EndedSpan = { name: `click ${name}`, context, startMs: startedAt, endMs: endedAt, isOfClient: true };
    this.#options.tracing.end(outcome === 'failed' ? { ...span, failure: outcome } : span);
  }

  #measure({ way }: BusFrame, now: number): void {
    if (way?.receivedAt === undefined) return;
    const { onHop } = this.#options;
    onHop('bus-node', seconds(way.sentAt, way.receivedAt));
    onHop('node-socket', seconds(way.receivedAt, now));
  }
}

function keyOf(traceparent: string, tierMs: TierMs): string {
  return `${tierMs} ${traceparent}`;
}

function seconds(fromMs: number, toMs: number): number {
  return Math.min(MOST_SECONDS, Math.max(0, toMs - fromMs) / 1_000);
}
