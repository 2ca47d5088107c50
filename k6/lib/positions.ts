/**
 * Compares two positions of a feed, `<LSN>-<n>` (P7): negative where the first is before the second. As texts of digits, since they
 * may exceed 2^53.
 */
export function comparePositions(one: string, other: string): number {
  if (one === other) return 0;
  const oneDash = one.indexOf('-');
  const otherDash = other.indexOf('-');
  return (
    compareDigits(one.slice(0, oneDash), other.slice(0, otherDash)) ||
    compareDigits(one.slice(oneDash + 1), other.slice(otherDash + 1))
  );
}

/** The position of a cursor, `<epoch>:<position>` (P11). */
export function positionOf(cursor: string): string {
  return cursor.slice(cursor.indexOf(':') + 1);
}

/** The epoch of a cursor. */
export function epochOf(cursor: string): string {
  return cursor.slice(0, cursor.indexOf(':'));
}

function compareDigits(one: string, other: string): number {
  const a = one.replace(/^0+(?=\d)/, '');
  const b = other.replace(/^0+(?=\d)/, '');
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
