import { z } from 'zod';

/** W3C trace context of a span: version 00, trace, span, flags. */
export const traceparent = z.string().regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/);

/** At most this many of each in one report; what is more is not told. */
export const REPORT_LIMITS = { applied: 20, spans: 20 } as const;

/** Epoch milliseconds by the clock of the node, as far as the client knows it (P50). */
const nodeTime = z.number().nonnegative().max(8.64e15);

/** When a client had a frame on its screen. */
const applied = z.object({
  /** Of the frame: when it was committed, by the database's clock. */
  committedAt: nodeTime,
  /** Of the message that brought it. */
  sentAt: nodeTime,
  receivedAt: nodeTime,
  appliedAt: nodeTime,
  /** Told because it was slow, whatever the share: no sample of how things are. */
  isExtra: z.boolean().optional(),
  /** Of the frame. */
  trace: traceparent.optional(),
});
export type Applied = z.infer<typeof applied>;

/** Something that the person did: from the click until its outcome was on the screen. */
const clientSpan = z.object({
  name: z.enum(['edit']),
  /** Which was sent with it. */
  traceparent,
  startedAt: nodeTime,
  endedAt: nodeTime,
  outcome: z.enum(['settled', 'failed']),
});
export type ClientSpan = z.infer<typeof clientSpan>;

/** What a client saw, told with its next ping where the server has asked for it (P50). Not answered. */
export const report = z.object({
  type: z.literal('report'),
  applied: z.array(applied).max(REPORT_LIMITS.applied),
  spans: z.array(clientSpan).max(REPORT_LIMITS.spans),
});
export type Report = z.infer<typeof report>;
