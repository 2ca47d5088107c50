import { formatTable, round } from './table.ts';

/** The same measured with something on and off. */
interface OnAndOff<Measured> {
  readonly on: readonly Measured[];
  readonly off: readonly Measured[];
  /** Mean of a value with it on, less that with it off. */
  readonly difference: (value: (one: Measured) => number) => number;
  /** Mean of a value with it on, as a share of that with it off. */
  readonly ratio: (value: (one: Measured) => number) => number;
  /** Mean with it on. */
  readonly whileOn: (value: (one: Measured) => number) => number;
  /** A row for each value: its name, and its means. */
  readonly table: (rows: readonly (readonly [name: string, value: (one: Measured) => number])[]) => string;
}

/** Measures in turns, so that what the machine does besides is in both. */
export async function measureOnAndOff<Measured>(
  rounds: number,
  measure: (name: string, isOn: boolean) => Promise<Measured>,
): Promise<OnAndOff<Measured>> {
  const off: Measured[] = [];
  const on: Measured[] = [];
  for (let number = 1; number <= rounds; number++) {
    off.push(await measure(`round ${number}, off`, false));
    on.push(await measure(`round ${number}, on`, true));
  }
  const mean = (of: readonly Measured[], value: (one: Measured) => number): number =>
    of.reduce((sum, one) => sum + value(one), 0) / of.length;
  return {
    on,
    off,
    difference: (value) => round(mean(on, value) - mean(off, value)),
    ratio: (value) => round(mean(on, value) / mean(off, value)),
    whileOn: (value) => round(mean(on, value)),
    table: (rows) =>
      formatTable([
        ['', 'off', 'on'],
        ...rows.map(([name, value]) => [name, ...[off, on].map((of) => round(mean(of, value)).toFixed(2))]),
      ]),
  };
}
