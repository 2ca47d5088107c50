import type { BusFrame } from '@meldesync/bus';
import {
  type Cursor,
  comparePositions,
  type ErrorCode,
  type FramePosition,
  formatCursor,
  parseCursor,
} from '@meldesync/protocol';
import type { WorkspaceFeed } from './workspace-feed.ts';

/** A page ends at the first frame over this. */
const PAGE_CHARACTERS = 1024 * 1024;

/** Frames as they travel, and where to go on. */
export interface FramesRead {
  /** JSON of each. */
  readonly frames: readonly string[];
  /** Null when there are no more. */
  readonly next: Cursor | null;
  readonly head: FramePosition;
}

/** Reads what follows on a cursor (R4.2): from memory, or from the stream. */
export async function readFrames(
  feed: WorkspaceFeed,
  cursor: Cursor,
  limit: number,
): Promise<FramesRead | { readonly refused: Extract<ErrorCode, 'cursor-too-old' | 'cursor-unknown'> }> {
  const { epoch, position } = parseCursor(cursor);
  if (epoch !== feed.epoch) return { refused: 'cursor-unknown' };
  // The client may come from a node that is a moment ahead of this one.
  if (comparePositions(position, feed.position) > 0) await feed.catchUp();
  if (comparePositions(position, feed.position) > 0) return { refused: 'cursor-unknown' };
  if (position === feed.position) return { frames: [], next: null, head: feed.position };
  const following = feed.recent.after(position) ?? (await feed.readAfter(position));
  if (following[0]?.prev !== position) return { refused: 'cursor-too-old' };
  const page = firstOf(following, limit);
  const last = page.at(-1)?.id ?? position;
  const head = feed.position;
  return {
    frames: page.map(({ json }) => json),
    next: comparePositions(last, head) < 0 ? formatCursor(epoch, last) : null,
    head,
  };
}

/** At least one frame, and as many as fit. */
function firstOf(frames: readonly BusFrame[], limit: number): readonly BusFrame[] {
  let characters = 0;
  const page: BusFrame[] = [];
  for (const frame of frames) {
    characters += frame.json.length;
    if (page.length === limit || (page.length > 0 && characters > PAGE_CHARACTERS)) break;
    page.push(frame);
  }
  return page;
}
