import { z } from 'zod';

/**
 * Where a frame stands in its workspace's feed: `<commit LSN as a decimal>-<n>`, n counting the frames of one
 * transaction from 0. It is the id of the Redis stream entry too, so Redis itself refuses a frame sent twice.
 */
export const framePosition = z
  .string()
  .max(41)
  .regex(/^\d{1,20}-\d{1,20}$/);
export type FramePosition = z.infer<typeof framePosition>;

/** The position before any frame. */
export const ORIGIN: FramePosition = '0-0';

/**
 * What a client holds: `<epoch>:<position>`. Everything up to and including that position is in its state. The epoch
 * changes only when Postgres is restored or loses its replication slot; a cursor of another epoch leads to a snapshot.
 */
export const cursor = z
  .string()
  .max(64)
  .regex(/^[0-9a-f]{8}:\d{1,20}-\d{1,20}$/);
export type Cursor = z.infer<typeof cursor>;

/** Total order of positions: negative when `a` is before `b`. LSNs exceed 2^53, so parts are compared as digits. */
export function comparePositions(a: FramePosition, b: FramePosition): number {
  const [aHigh, aLow] = split(a);
  const [bHigh, bLow] = split(b);
  return compareDecimals(aHigh, bHigh) || compareDecimals(aLow, bLow);
}

/** Builds a cursor from its epoch (8 hex digits) and a position. */
export function formatCursor(epoch: string, position: FramePosition): Cursor {
  return `${epoch}:${position}`;
}

/** Takes a well-formed cursor apart. */
export function parseCursor(value: Cursor): { epoch: string; position: FramePosition } {
  const colon = value.indexOf(':');
  return { epoch: value.slice(0, colon), position: value.slice(colon + 1) };
}

function split(position: FramePosition): [string, string] {
  const dash = position.indexOf('-');
  return [position.slice(0, dash), position.slice(dash + 1)];
}

function compareDecimals(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
