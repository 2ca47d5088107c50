import { stripVTControlCharacters } from 'node:util';

/** Control characters, and marks that turn the direction of the text around. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}]+/gu;

const WIDE =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\u{fe0f}|\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana})/u;

/** Letters of European languages and the signs we print ourselves: one column each, whatever stands beside them. */
const NARROW = /^[\x20-\x7e\xa0-\u02ff\u2010-\u2027\u25a0-\u25ff\u2713\u2717]*$/;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Makes text written by others safe for one line of a terminal: no escape sequence of a note or a file name reaches
 * it, line breaks become a blank.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(UNPRINTABLE, ' ');
}

/** Columns a text takes on a terminal; colours take none. */
export function textWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text))) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** Cuts the end of a text without colours off to fit a width; `…` says that something is missing. */
export function truncate(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return `${fitting(segmentsOf(text), width - 1)
    .join('')
    .trimEnd()}…`;
}

/** The same at the beginning: of a path, the end says most. */
export function truncateStart(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return `…${fitting(segmentsOf(text).toReversed(), width - 1)
    .toReversed()
    .join('')
    .trimStart()}`;
}

/**
 * Breaks a text into lines of at most `width`, at blanks only: a Vorgangsnummer stays whole, so that it can be copied.
 * Lines after the first are indented.
 */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const [, blanks = '', word = ''] of text.matchAll(/(\s*)(\S+)/g)) {
    const longer = `${line}${blanks}${word}`;
    if (line !== '' && textWidth(longer) > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

function segmentsOf(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** As many of the first segments as a width holds. */
function fitting(segments: readonly string[], width: number): string[] {
  let used = 0;
  const end = segments.findIndex((segment) => {
    used += WIDE.test(segment) ? 2 : 1;
    return used > width;
  });
  return end === -1 ? [...segments] : segments.slice(0, end);
}
