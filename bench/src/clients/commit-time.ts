const FRACTION = /\.(\d+)/;

/**
 * Epoch milliseconds, with microseconds behind the point, of a change's `at`: ISO 8601 UTC with up to six digits of a
 * second's fraction. `Date.parse` keeps three of them only.
 */
export function parseAtMs(at: string): number {
  const microseconds = Number((FRACTION.exec(at)?.[1] ?? '').padEnd(6, '0').slice(3, 6));
  return Date.parse(at) + microseconds / 1_000;
}
