import { diffArrays } from 'diff';

/** A piece of a text that was changed: kept, taken out or put in. */
export interface DiffPart {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Less in common than this, and two texts are easier to read one after the other than mixed. */
const LEAST_IN_COMMON = 0.3;

/** Nobody reads a mixture of more changed words than this; it also bounds the time that comparing takes. */
const MOST_CHANGED_WORDS = 1_000;

/**
 * What leads from one text to another, word by word. Null when they have too little in common for that to be readable.
 */
export function diffTexts(before: string, after: string): readonly DiffPart[] | null {
  const changes = diffArrays(wordsOf(before), wordsOf(after), { maxEditLength: MOST_CHANGED_WORDS });
  if (changes === undefined) return null;
  const parts = changes.map(
    ({ added, removed, value }): DiffPart => ({
      kind: added ? 'added' : removed ? 'removed' : 'same',
      text: value.join(''),
    }),
  );
  const kept = parts.reduce(
    (sum, { kind, text }) => (kind === 'same' ? sum + text.replaceAll(/\s/g, '').length : sum),
    0,
  );
  const longer = Math.max(before.trim().length, after.trim().length);
  return kept >= longer * LEAST_IN_COMMON ? parts : null;
}

/** Words and what stands between them, so that joined they are the text. */
function wordsOf(text: string): string[] {
  return text.match(/\s+|[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];
}
