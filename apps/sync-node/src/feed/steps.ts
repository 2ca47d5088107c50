import type { BusFrame } from '@meldesync/bus';
import { type FramePosition, frame as frameSchema, type Range } from '@meldesync/protocol';
import { mergeFrames } from './merge-frames.ts';

/** Frames of which this node knows that they are there, and no more: clients pull them (R3.5). */
export interface FeedRange {
  readonly from: FramePosition;
  readonly to: FramePosition;
  readonly changes: number;
  /** The transactions that made them. */
  readonly txids: readonly string[];
}

/** What follows next on a position of the feed. */
export type Step = BusFrame | FeedRange;

/** Frames share a message up to this size, so that a client is never busy with one for long (R3.5). */
const MESSAGE_CHARACTERS = 256 * 1024;

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

/** One range in the place of consecutive steps; undefined for none. */
export function toRange(steps: readonly Step[]): FeedRange | undefined {
  const [first] = steps;
  const last = steps.at(-1);
  if (!first || !last) return undefined;
  return {
    from: stepStart(first),
    to: stepEnd(last),
    changes: steps.reduce((sum, step) => sum + step.changes, 0),
    txids: [...new Set(steps.flatMap((step) => (isRange(step) ? step.txids : step.txid)))],
  };
}

/** The protocol's `frames` message around frames that are JSON already. */
function framesMessage(frames: readonly string[]): string {
  return `{"type":"frames","frames":[${frames.join(',')}]}`;
}

/** A message for clients, and how many frames it carries. */
interface StepMessage {
  readonly text: string;
  readonly frameCount: number;
}

/**
 * Consecutive steps as messages in their order: frames together, in one frame when `isMerged` (R4.5), and ranges that follow
 * on each other as one.
 */
export function* messagesOf(steps: readonly Step[], isMerged: boolean): Generator<StepMessage, undefined> {
  let frames: BusFrame[] = [];
  let ranges: FeedRange[] = [];
  for (const step of steps) {
    if (isRange(step)) {
      yield* frameMessages(frames, isMerged);
      frames = [];
      ranges.push(step);
    } else {
      yield* rangeMessage(ranges);
      ranges = [];
      frames.push(step);
    }
  }
  yield* frameMessages(frames, isMerged);
  yield* rangeMessage(ranges);
}

function* rangeMessage(ranges: readonly FeedRange[]): Generator<StepMessage, undefined> {
  const range = toRange(ranges);
  if (!range) return;
  const { from, to, changes } = range;
  yield { text: JSON.stringify({ type: 'range', from, to, changes } satisfies Range), frameCount: 0 };
}

function* frameMessages(frames: readonly BusFrame[], isMerged: boolean): Generator<StepMessage, undefined> {
  if (isMerged) {
    const merged = mergeFrames(frames.map(({ json }) => frameSchema.parse(JSON.parse(json))));
    if (merged) yield { text: framesMessage([JSON.stringify(merged)]), frameCount: 1 };
    return;
  }
  let batch: string[] = [];
  let characters = 0;
  for (const { json } of frames) {
    if (batch.length > 0 && characters + json.length > MESSAGE_CHARACTERS) {
      yield { text: framesMessage(batch), frameCount: batch.length };
      batch = [];
      characters = 0;
    }
    batch.push(json);
    characters += json.length;
  }
  if (batch.length > 0) yield { text: framesMessage(batch), frameCount: batch.length };
}
