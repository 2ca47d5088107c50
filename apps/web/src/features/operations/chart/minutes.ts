import type { ChartLine } from './chart-line.ts';

/** The highest value of each line within a minute. */
export interface Minute {
  /** Its beginning, in epoch seconds. */
  readonly at: number;
  /** In the order of the lines; null where nothing was measured. */
  readonly highest: readonly (number | null)[];
}

const MINUTE_SECONDS = 60;

/** What a chart says as rows, newest first: nobody reads 180 of them. */
export function minutesOf(times: readonly number[], lines: readonly Pick<ChartLine, 'values'>[]): Minute[] {
  const minutes = new Map<number, (number | null)[]>();
  for (const [place, time] of times.entries()) {
    const at = time - (time % MINUTE_SECONDS);
    const known = minutes.get(at);
    minutes.set(
      at,
      lines.map(({ values }, line) => highest(known?.[line], values[place])),
    );
  }
  return [...minutes].map(([at, highest]) => ({ at, highest })).toReversed();
}

function highest(one: number | null | undefined, other: number | null | undefined): number | null {
  const measured = [one, other].filter((value) => value !== null && value !== undefined);
  return measured.length === 0 ? null : Math.max(...measured);
}
