/**
 * The form of what processes leave in Redis for each other: messages on the bus, entries of streams, canaries, notices, locks, presence,
 * jobs and statuses. Raised with each release after which one of them is read otherwise. A release reads and writes what the one
 * before it does, so processes work together whose formats are at most one apart ({@link worksBeside}); a process says its own in its
 * status.
 */
export const CLUSTER_FORMAT = 1;

/** Whether a process of this release works together with one of that format. */
export function worksBeside(format: number): boolean {
  return Math.abs(format - CLUSTER_FORMAT) <= 1;
}
