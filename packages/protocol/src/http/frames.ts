import { z } from 'zod';
import { cursor, framePosition } from '../cursor.ts';
import { frame } from '../frame/frame.ts';

/** A page of frames has at most this many. */
export const MAX_FRAMES_PER_PAGE = 2_000;

/**
 * `GET /api/v1/workspaces/{workspace}/frames?after=<cursor>&limit=`: what a client missed, without a WebSocket (R4.3).
 * Every frame after the cursor without a gap, oldest first. A page may hold fewer than asked for. A cursor that cannot be
 * continued is answered by `cursor-too-old` or `cursor-unknown`: take a snapshot.
 */
export const framesPage = z.object({
  frames: z.array(frame),
  /** Pass as `after` for the next page; null when the client has all there is. */
  next: cursor.nullable(),
  /** Where the feed stood. */
  head: framePosition,
});
export type FramesPage = z.infer<typeof framesPage>;
