import { z } from 'zod';
import { cursor, framePosition } from '../cursor.ts';
import { frame } from '../frame/frame.ts';

/**
 * `GET /api/v1/workspaces/{workspace}/frames?after=<cursor>&upto=<position>`: what follows on a cursor. A page is one frame
 * in which each record occurs once, with its last change and all that was set; none when nothing follows.
 */
export const framesPage = z.object({
  frames: z.array(frame),
  /** Pass as `after` for the next page; null when the page reaches `head`. */
  next: cursor.nullable(),
  /** Where the feed stood when the page was made; `upto` or later. */
  head: framePosition,
});
export type FramesPage = z.infer<typeof framesPage>;
