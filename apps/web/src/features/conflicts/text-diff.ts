/** A piece of a text that was changed: kept, taken out or put in. */
export interface DiffPart {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Larger than any two notes of people; beyond it the texts stand side by side as they are. */
const MOST_CELLS = 1_000_000;

/** Less in common than this, and two texts are easier to read one after the other than mixed. */
const LEAST_IN_COMMON = 0.3;

/**
 * What leads from one text to another, word by word (longest common subsequence). Null when they have too little in
 * common for that to be readable.
 */
export function diffTexts(before: string, after: string): readonly DiffPart[] | null {
  const a = wordsOf(before);
  const b = wordsOf(after);
  const width = b.length + 1;
  if ((a.length + 1) * width > MOST_CELLS) return null;
  const common = commonLengths(a, b);
  const parts: DiffPart[] = [];
  let kept = 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [wordA, wordB] = [a[i], b[j]];
    if (wordA !== undefined && wordA === wordB) {
      push(parts, 'same', wordA);
      kept += wordA.trim().length;
      i++;
      j++;
    } else if (wordB === undefined || (wordA !== undefined && at(i + 1, j) >= at(i, j + 1))) {
      push(parts, 'removed', wordA ?? '');
      i++;
    } else {
      push(parts, 'added', wordB);
      j++;
    }
  }
  const longer = Math.max(before.trim().length, after.trim().length);
  return kept >= longer * LEAST_IN_COMMON ? parts : null;

  function at(row: number, column: number): number {
    return common[row * width + column] ?? 0;
  }
}

/** Words and what stands between them, so that joined they are the text. */
function wordsOf(text: string): readonly string[] {
  return text.match(/\s+|[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];
}

/** Length of the longest common subsequence of the rest from each pair of places on; a row for each word of `a`. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  return lengths;
}

function push(parts: DiffPart[], kind: DiffPart['kind'], text: string): void {
  const last = parts.at(-1);
  if (last?.kind === kind) parts[parts.length - 1] = { kind, text: last.text + text };
  else parts.push({ kind, text });
}
