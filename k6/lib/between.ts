/** Evenly drawn between the two. */
export function between(min: number, max: number): number {
  return min + Math.random() * (max - min);
}
