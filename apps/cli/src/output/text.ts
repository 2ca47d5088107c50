import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import { withOneTimeForm } from './json-time.ts';

/** Control characters, line breaks of Unicode, and marks that turn the direction of the text around. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
const UNPRINTABLES = new RegExp(`${UNPRINTABLE.source}+`, 'gu');
/** What paints a text as `createStyle` does, or any other one that no terminal may get. */
const STEERING = new RegExp(`\\u001b\\[(?:[12]|22|3[12369])m|${UNPRINTABLE.source}`, 'gu');

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Makes text written by others safe for one line of a terminal: no escape sequence of a note or a file name reaches
 * it, line breaks become a blank.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(UNPRINTABLES, ' ');
}

/**
 * A line as it reaches a terminal: painted, and without anything else that would steer it. Texts of others are `printable` before they are
 * painted; what a command forgets of that does no harm.
 */
export function steady(line: string): string {
  return line.replace(STEERING, (found) => (found.length > 1 ? found : ' '));
}

/** JSON without characters that would steer a terminal, these as escapes, and with moments in one form. */
export function steadyJson(value: unknown, indent = 0): string {
  const text = JSON.stringify(value, withOneTimeForm, indent);
  return text.replace(JSON_STEERING, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Line breaks are between the values. */
const JSON_STEERING = new RegExp(`(?!\\n)${UNPRINTABLE.source}`, 'gu');

/** Columns a text takes on a terminal; colours take none. */
export function textWidth(text: string): number {
  return stringWidth(text);
}

/** Cuts the end of a text without colours off to fit a width in columns; `…` says that something is missing. */
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
 * Breaks a text into lines of at most `width` columns, at blanks only: a Vorgangsnummer stays whole, so that it can be
 * copied. Lines after the first are indented.
 */
export function wrap(text: string, width: number, indent = ''): string[] {
  const body = text.trimStart();
  const lead = text.slice(0, text.length - body.length);
  const [first = ''] = linesOf(body, width - lead.length);
  const rest = body.slice(first.length).trimStart();
  return [`${lead}${first}`, ...(rest === '' ? [] : linesOf(rest, width - indent.length).map((line) => indent + line))];
}

function linesOf(text: string, width: number): string[] {
  return wrapAnsi(text, width).split('\n');
}

function segmentsOf(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** As many of the first segments as a width holds. */
function fitting(segments: readonly string[], width: number): string[] {
  let used = 0;
  const end = segments.findIndex((segment) => {
    used += textWidth(segment);
    return used > width;
  });
  return end === -1 ? [...segments] : segments.slice(0, end);
}
