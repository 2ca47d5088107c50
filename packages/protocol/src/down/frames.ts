import { z } from 'zod';
import { frame } from '../frame/frame.ts';

/** One or more consecutive frames; under load the frames of a tick share one message. */
export const frames = z.object({
  type: z.literal('frames'),
  frames: z.array(frame).min(1),
  /** When the node sent it, in epoch milliseconds; absent where it brings what had been missed. */
  sentAt: z.number().optional(),
});
export type Frames = z.infer<typeof frames>;
