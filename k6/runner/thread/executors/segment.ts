/** Which part of the run a thread has. */
export interface Segment {
  readonly index: number;
  readonly count: number;
}

/** How many of `total` are this thread's; the parts of all threads add up to it. */
export function shareOf(total: number, { index, count }: Segment): number {
  return Math.floor((total * (index + 1)) / count) - Math.floor((total * index) / count);
}
