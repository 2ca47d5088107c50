import type { BusFrame } from '@meldesync/bus';
import { type Frame, frame as frameSchema, parseJson } from '@meldesync/protocol';

/**
 * Frames of the stream, taken apart; undefined when one of them cannot be read, such as one that an earlier version wrote.
 * It is then no frame for anybody: the clients before it need a snapshot, which holds what it did.
 */
export function readFrames(frames: readonly BusFrame[]): Frame[] | undefined {
  const read: Frame[] = [];
  for (const { json } of frames) {
    const parsed = frameSchema.safeParse(parseJson(json));
    if (!parsed.success) return undefined;
    read.push(parsed.data);
  }
  return read;
}
