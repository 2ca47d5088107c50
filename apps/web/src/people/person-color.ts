/** How many person colours `tokens.css` defines. */
export const PERSON_COLORS = 10;

/**
 * The colour of a person, the same on every screen and for as long as their id lives: an FNV-1a hash of the id picks
 * one of the `--person-*` tokens. Several people may share one, so a name or initials always stand beside it.
 */
export function personColor(userId: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < userId.length; index++) {
    hash = Math.imul(hash ^ userId.charCodeAt(index), 0x01000193) >>> 0;
  }
  return `var(--person-${hash % PERSON_COLORS})`;
}

/** Up to two letters for an avatar: first and last name, titles such as `Dr.` left out. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '' && !word.endsWith('.'));
  const first = words[0] ?? name;
  const last = words.length > 1 ? words.at(-1) : undefined;
  return ((firstLetter(first) || '?') + firstLetter(last ?? '')).toUpperCase();
}

function firstLetter(word: string): string {
  const code = word.codePointAt(0);
  return code === undefined ? '' : String.fromCodePoint(code);
}
