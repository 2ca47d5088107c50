const ZERO = 48;
const NINE = 57;

const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;
const isAscii = (code: number): boolean => code < 128;
const lowerCase = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code);

function endOfDigits(text: string, start: number): number {
  let end = start;
  while (isDigit(text.charCodeAt(end))) end++;
  return end;
}

function skipZeros(text: string, start: number, end: number): number {
  let first = start;
  while (first < end && text.charCodeAt(first) === ZERO) first++;
  return first;
}

/** Compares two runs of digits as numbers of any length. */
function compareDigits(a: string, startA: number, endA: number, b: string, startB: number, endB: number): number {
  const firstA = skipZeros(a, startA, endA);
  const firstB = skipZeros(b, startB, endB);
  const byLength = endA - firstA - (endB - firstB);
  if (byLength !== 0) return byLength;
  for (let offset = 0; firstA + offset < endA; offset++) {
    const order = a.charCodeAt(firstA + offset) - b.charCodeAt(firstB + offset);
    if (order !== 0) return order;
  }
  return 0;
}

/**
 * Natural order without regard to case; null when it comes to a sign outside ASCII before there is a difference and
 * `anyCharacter` is not set.
 */
function compareNaturally(a: string, b: string, anyCharacter: boolean): number | null {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const codeA = a.charCodeAt(i);
    const codeB = b.charCodeAt(j);
    if (isDigit(codeA) && isDigit(codeB)) {
      const endA = endOfDigits(a, i);
      const endB = endOfDigits(b, j);
      const order = compareDigits(a, i, endA, b, j, endB);
      if (order !== 0) return order;
      i = endA;
      j = endB;
      continue;
    }
    if (!anyCharacter && !(isAscii(codeA) && isAscii(codeB))) return null;
    const order = lowerCase(codeA) - lowerCase(codeB);
    if (order !== 0) return order;
    i++;
    j++;
  }
  return a.length - i - (b.length - j);
}

/** Letters without case and accents; `ß` like `ss`. */
function fold(caseId: string): string {
  return caseId.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss');
}

/**
 * Natural order of case ids: runs of digits as numbers (F-9 before F-10), letters without regard to case and accents,
 * and the plain text decides between those left equal (F-07, F-7). A total order, the same on every machine, which the
 * collation tables of an `Intl.Collator` do not promise. ASCII, the usual case, is compared in place.
 */
export function compareCaseIds(a: string, b: string): number {
  if (a === b) return 0;
  const order = compareNaturally(a, b, false) ?? compareNaturally(fold(a), fold(b), true) ?? 0;
  return order || (a < b ? -1 : 1);
}
