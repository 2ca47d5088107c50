import type { BusFrame } from '@meldesync/bus';
import type { TierMs } from '@meldesync/protocol';
import type { TraceContext } from '@meldesync/telemetry';
import { LRUCache } from 'lru-cache';

/** A frame that went to the sockets of a tier. Times are epoch milliseconds. */
export interface SentFrame {
  readonly committedAt: number;
  /** When it came from the bus, and when it was sent on: by this node's clock. */
  readonly receivedAt: number;
  readonly sentAt: number;
  /** How old at most, in milliseconds, what the node heard then was: nothing that came then had been on its way for longer. */
  readonly newsAgeMs: number;
  /** Of its way so far, where it has one. */
  readonly traceparent: string | undefined;
  /** The span that gave it to the sockets. */
  given: TraceContext | undefined;
}

interface Remembered extends SentFrame {
  /** Who has told of it; undefined while nobody has, as with most. */
  tellers: Set<string> | undefined;
}

/** Whose frames they are, and how far apart the client gets them that tells of one. */
export interface Feed {
  readonly workspace: string;
  readonly tierMs: TierMs;
}

/** What a client tells of it is believed for so long: with its next ping it does, every 3 s. */
const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 20_000;

/** The frames that this node has sent lately: of no others anything is believed that a client tells, and of each once from each person. */
export class SentFrames {
  readonly #frames: LRUCache<string, Remembered>;

  constructor() {
    this.#frames = new LRUCache({ max: MAX_REMEMBERED, ttl: REMEMBERED_MS });
  }

  /** A frame has been given to sockets. Undefined for one of which nobody knows when it was committed. */
  sent(
    { way }: BusFrame,
    feed: Feed,
    { sentAt, newsAgeMs }: Pick<SentFrame, 'sentAt' | 'newsAgeMs'>,
  ): SentFrame | undefined {
    if (!way) return undefined;
    const { committedAt, traceparent, receivedAt = sentAt } = way;
    const frame: Remembered = {
      committedAt,
      receivedAt,
      sentAt,
      newsAgeMs,
      traceparent,
      given: undefined,
      tellers: undefined,
    };
    this.#frames.set(keyOf(feed, committedAt), frame);
    return frame;
  }

  /** The frame that was committed then and that this person tells of now; undefined for one that was not sent, or is told of again. */
  told(committedAt: number, feed: Feed, person: string): SentFrame | undefined {
    const frame = this.#frames.get(keyOf(feed, committedAt));
    if (!frame || frame.tellers?.has(person)) return undefined;
    frame.tellers ??= new Set();
    frame.tellers.add(person);
    return frame;
  }
}

function keyOf({ workspace, tierMs }: Feed, committedAt: number): string {
  return `${workspace} ${tierMs} ${committedAt}`;
}
