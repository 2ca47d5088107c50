/** How a run ended. */
export type Outcome = 'held' | 'fell-short' | 'could-not-run';

/** Exit codes, by which a program knows how a run ended. */
export const EXIT_CODES: Readonly<Record<Outcome, number>> = { held: 0, 'fell-short': 1, 'could-not-run': 2 };

/** A run that ended before it had a result. */
export interface BrokenRun {
  readonly kind: 'benchmark' | 'drill';
  readonly name: string;
  readonly outcome: Exclude<Outcome, 'held'>;
  /** What was being done. */
  readonly during: string;
  readonly why: string;
}

/** One line of JSON, as a run that ends well prints it last. */
export function brokenRunLine({ kind, name, ...rest }: BrokenRun): string {
  return JSON.stringify({ [kind]: name, ...rest });
}
