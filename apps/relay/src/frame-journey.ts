import type { AppendAnswer, FrameWay } from '@meldesync/bus';
import {
  type EndedSpan,
  epochMs,
  formatTraceparent,
  parseTraceparent,
  type TraceContext,
  type Tracing,
} from '@meldesync/telemetry';
import type { BuiltFrame } from './frame-builder.ts';

/** Where a frame comes from. Times are epoch milliseconds. */
export interface FrameOrigin {
  /** By Postgres' clock. */
  readonly committedAt: number;
  /** The relay has read the first of its transaction. */
  readonly readAt: number;
  /** Of whoever made the change; null where nobody has named a trace. */
  readonly traceparent: string | null | undefined;
}

/** A frame on its way to Redis. */
export interface FrameJourney extends FrameOrigin {
  readonly sentAt: number;
  /** Both undefined where nobody records traces. */
  readonly relay?: TraceContext;
  readonly append?: TraceContext;
}

export interface FrameJourneysOptions {
  readonly tracing: Tracing;
  readonly onHop: (hop: 'commit-relay' | 'relay-bus', seconds: number) => void;
}

/** Follows the frames through the relay: how long each part of the way took, and the trace that goes on from here (R5.4). */
export class FrameJourneys {
  readonly #options: FrameJourneysOptions;

  constructor(options: FrameJourneysOptions) {
    this.#options = options;
  }

  /** It is sent now. A change that nobody named a trace for begins one with its commit, such as one made in psql. */
  depart(origin: FrameOrigin): FrameJourney {
    const { tracing } = this.#options;
    const sentAt = epochMs();
    if (!tracing.isOn) return { ...origin, sentAt };
    const relay = tracing.begin(parseTraceparent(origin.traceparent));
    return { ...origin, sentAt, relay, append: tracing.begin(relay) };
  }

  /** Redis has answered. What it had already, or refused, is told of by another journey. */
  arrived(journey: FrameJourney, { changeCount, place }: BuiltFrame, answer: AppendAnswer): void {
    if (answer !== 'appended' && answer !== 'restarted') return;
    const { tracing, onHop } = this.#options;
    const { committedAt, readAt, sentAt, relay, append } = journey;
    const now = epochMs();
    onHop('commit-relay', seconds(committedAt, readAt));
    onHop('relay-bus', seconds(sentAt, now));
    // A large transaction is one span, whose end is its last frame.
    if (!relay || !append || place === 'before-last') return;
    const spans: readonly EndedSpan[] = [
      {
        name: 'relay',
        kind: 'consumer',
        context: relay,
        parent: parseTraceparent(journey.traceparent),
        startMs: Math.min(committedAt, readAt),
        endMs: now,
        attributes: { 'meldesync.changes': changeCount },
        events: [
          { name: 'committed', atMs: committedAt },
          { name: 'read', atMs: readAt },
        ],
      },
      {
        name: 'append',
        kind: 'producer',
        context: append,
        parent: relay,
        startMs: sentAt,
        endMs: now,
        attributes: { 'messaging.system': 'redis', 'messaging.operation.type': 'send' },
      },
    ];
    tracing.end(...spans);
  }
}

/** What the frame says of its way, to the nodes and to clients. */
export function wayOf({ committedAt, sentAt, append }: FrameJourney): FrameWay {
  return { committedAt, sentAt, ...(append && { traceparent: formatTraceparent(append) }) };
}

/** The same as the end of a frame's JSON. Clients hear of a trace that is recorded only: each byte goes to all of them. */
export function wayJson({ committedAt, append }: FrameJourney): string {
  const trace = append?.isSampled ? `,"trace":"${formatTraceparent(append)}"` : '';
  return `,"at":${committedAt}${trace}`;
}

function seconds(fromMs: number, toMs: number): number {
  return Math.max(0, toMs - fromMs) / 1_000;
}
