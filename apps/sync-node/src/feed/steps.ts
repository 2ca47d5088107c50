import type { BusFrame } from '@meldesync/bus';
import type { FramePosition, Range } from '@meldesync/protocol';
import { mergeFrames } from './merge-frames.ts';
import { readFrames } from './read-frames.ts';

/** Frames of which this node knows that they are there, and no more: clients pull them (R3.5). */
export interface FeedRange {
  readonly from: FramePosition;
  readonly to: FramePosition;
  readonly changes: number;
  /** The transactions that made them. */
  readonly txids: readonly string[];
  /** As of a frame, after the last of them. */
  readonly checksum: number | null;
}

/** What follows next on a position of the feed. */
export type Step = BusFrame | FeedRange;

/** More changes than this are not pushed to a client, but given to it as a range (R3.5) … */
export const MAX_PUSHED_CHANGES = 300;
/**
 * … and neither is a longer frame, or so much that was missed: a page of the range is compressed, a message is not, and while
 * a message is on its way nothing else is heard. Even this much is there within the 3 s in which a client must hear
 * something, if its line carries 11 KB a second (R4.2).
 */
export const MAX_PUSHED_CHARACTERS = 32 * 1024;
/** So few do not get in each other's way, nor in that of an edit, when they pull a range at once. */
const UNSPREAD_SOCKETS = 10;
/** A page costs the node and what is between 2 to 5 ms of a processor: this leaves most of it to edits meanwhile. */
const SPREAD_MS_PER_SOCKET = 20;
const MAX_SPREAD_MS = 5_000;
/** Frames share a message up to this size. */
const MESSAGE_CHARACTERS = 16 * 1024;

export function isRange(step: Step): step is FeedRange {
  return 'from' in step;
}

/** The position that a step follows on. */
export function stepStart(step: Step): FramePosition {
  return isRange(step) ? step.from : step.prev;
}

/** The position after a step. */
export function stepEnd(step: Step): FramePosition {
  return isRange(step) ? step.to : step.id;
}

/** Whether so much is pushed to a client. What is more it pulls, at its own pace. */
export function isPushed({ changes, characters }: { readonly changes: number; readonly characters: number }): boolean {
  return changes <= MAX_PUSHED_CHANGES && characters <= MAX_PUSHED_CHARACTERS;
}

/** A frame, or the range in its place when it is more than is pushed. */
export function bounded(frame: BusFrame): Step {
  const { changes, json } = frame;
  return isPushed({ changes, characters: json.length }) ? frame : (toRange([frame]) ?? frame);
}

/** One range in the place of consecutive steps; undefined for none. */
export function toRange(steps: readonly Step[]): FeedRange | undefined {
  const [first] = steps;
  const last = steps.at(-1);
  if (!first || !last) return undefined;
  return {
    from: stepStart(first),
    to: stepEnd(last),
    changes: steps.reduce((sum, step) => sum + step.changes, 0),
    checksum: last.checksum,
    txids: [...new Set(steps.flatMap((step) => (isRange(step) ? step.txids : step.txid)))],
  };
}

/** The protocol's `frames` message around frames that are JSON already; `sentAt` where they are sent as they come. */
function framesMessage(frames: readonly string[], sentAt: number | undefined): string {
  const at = sentAt === undefined ? '' : `,"sentAt":${sentAt}`;
  return `{"type":"frames","frames":[${frames.join(',')}]${at}}`;
}

/** A message for clients, and how many frames it carries. */
interface StepMessage {
  readonly text: string;
  readonly frameCount: number;
  /** The steps in it that are frames. */
  readonly frames: readonly BusFrame[];
}

/**
 * Consecutive steps as messages in their order: frames together, in one frame when `isMerged` (R4.5), and ranges that follow
 * on each other as one. `sentAt`: epoch milliseconds, where they are sent as they come; then to so many `sockets` at once.
 */
export function* messagesOf(
  steps: readonly Step[],
  isMerged: boolean,
  sentAt?: number,
  sockets = 1,
): Generator<StepMessage, undefined> {
  let frames: BusFrame[] = [];
  let ranges: FeedRange[] = [];
  for (const step of steps) {
    if (isRange(step)) {
      yield* frameMessages(frames, isMerged, sentAt, sockets);
      frames = [];
      ranges.push(step);
    } else {
      yield* rangeMessage(ranges, sockets);
      ranges = [];
      frames.push(step);
    }
  }
  yield* frameMessages(frames, isMerged, sentAt, sockets);
  yield* rangeMessage(ranges, sockets);
}

function* rangeMessage(ranges: readonly Step[], sockets: number): Generator<StepMessage, undefined> {
  const range = toRange(ranges);
  if (!range) return;
  const { from, to, changes } = range;
  const spreadMs = pullSpreadMs(sockets);
  const message: Range = { type: 'range', from, to, changes, ...(spreadMs > 0 && { spreadMs }) };
  yield { text: JSON.stringify(message), frameCount: 0, frames: [] };
}

/** Within how long so many sockets begin to pull a range that they are told of at once (P62), in milliseconds; 0 for at once. */
function pullSpreadMs(sockets: number): number {
  return sockets <= UNSPREAD_SOCKETS ? 0 : Math.min(MAX_SPREAD_MS, sockets * SPREAD_MS_PER_SOCKET);
}

function* frameMessages(
  frames: readonly BusFrame[],
  isMerged: boolean,
  sentAt: number | undefined,
  sockets: number,
): Generator<StepMessage, undefined> {
  if (isMerged) {
    yield* mergedMessage(frames, sentAt, sockets);
    return;
  }
  const message = (batch: readonly BusFrame[]): StepMessage => ({
    text: framesMessage(
      batch.map(({ json }) => json),
      sentAt,
    ),
    frameCount: batch.length,
    frames: batch,
  });
  let batch: BusFrame[] = [];
  let characters = 0;
  for (const frame of frames) {
    const { length } = frame.json;
    if (batch.length > 0 && characters + length > MESSAGE_CHARACTERS) {
      yield message(batch);
      batch = [];
      characters = 0;
    }
    batch.push(frame);
    characters += length;
  }
  if (batch.length > 0) yield message(batch);
}

/**
 * One frame for all of them, or a range where even that is too much: its pages are merged as well. So is what cannot be read:
 * whoever pulls it is sent to a snapshot.
 */
function* mergedMessage(
  frames: readonly BusFrame[],
  sentAt: number | undefined,
  sockets: number,
): Generator<StepMessage, undefined> {
  const read = readFrames(frames);
  if (!read) {
    yield* rangeMessage(frames, sockets);
    return;
  }
  const merged = mergeFrames(read);
  if (!merged) return;
  const json = JSON.stringify(merged);
  if (!isPushed({ changes: merged.changes.length, characters: json.length })) yield* rangeMessage(frames, sockets);
  else yield { text: framesMessage([json], sentAt), frameCount: 1, frames };
}
