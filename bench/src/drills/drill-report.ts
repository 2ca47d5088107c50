/** What must hold, with whether it did. */
export interface Check {
  readonly name: string;
  readonly holds: boolean;
}

/** What a drill found out. */
export interface DrillReport {
  readonly drill: string;
  readonly checks: readonly Check[];
  /** Figures for the line of JSON at the end. */
  readonly figures: Readonly<Record<string, unknown>>;
}

/** Prints a report, its line of JSON last. @returns whether everything held */
export function printReport({ drill, checks, figures }: DrillReport): boolean {
  for (const { name, holds } of checks) console.log(`${holds ? 'ok     ' : 'FAILED '}${name}`);
  const passed = checks.every(({ holds }) => holds);
  const missed = checks.filter(({ holds }) => !holds).map(({ name }) => name);
  console.log(`\n${JSON.stringify({ drill, outcome: passed ? 'held' : 'fell-short', missed, ...figures })}`);
  return passed;
}
