import type { Params } from '../catalogue.ts';
import type { SourceLine } from './decode.ts';
import type { CsvRejectionCode } from './row.ts';

/** The text of one record with balanced quotes, or why there is none. */
export type SourceRecord =
  | { readonly line: number; readonly text: string }
  | { readonly line: number; readonly code: CsvRejectionCode; readonly params: Params };

/** How lines beginning with an open quote are put together. */
export interface AssemblerOptions {
  /** Longest record over several lines. */
  readonly maxRecordBytes: number;
  /** Whether the text of several lines makes sense as one record. */
  isRecord(text: string): boolean;
}

/** Every row has exactly one segment, so a second one belongs to the next row. */
const SEGMENT_START = 'IBE+';

function hasOddQuotes(line: string): boolean {
  let odd = false;
  for (let index = line.indexOf('"'); index !== -1; index = line.indexOf('"', index + 1)) odd = !odd;
  return odd;
}

/**
 * Turns physical lines into records. A record may go over several lines inside a quoted cell. Whether an open quote
 * is that or an error is decided by looking ahead: to the line that closes it, at most `maxRecordBytes` far and never
 * into the next row. If nothing sensible comes of it only the line that opened the quote is rejected, and reading
 * goes on with the one after it. Blank lines are left out but counted.
 */
export class RecordAssembler {
  readonly #options: AssemblerOptions;
  /** Lines that wait for the next block to close a quote. */
  #waiting: SourceLine[] = [];
  #nextLine = 1;

  constructor(options: AssemblerOptions) {
    this.#options = options;
  }

  /** Takes the next lines; with `last` nothing waits any longer. Lazy: consume all of it before the next call. */
  *push(newLines: readonly SourceLine[], last: boolean): Generator<SourceRecord> {
    const lines = this.#waiting.length === 0 ? newLines : [...this.#waiting, ...newLines];
    const firstLine = this.#nextLine;
    let index = 0;
    while (index < lines.length) {
      const line = firstLine + index;
      const text = lines[index] ?? null;
      if (text === null) {
        yield { line, code: 'line-too-long', params: { limitBytes: this.#options.maxRecordBytes } };
      } else if (text.includes('\0')) {
        yield { line, code: 'nul-character', params: {} };
      } else if (hasOddQuotes(text)) {
        const joined = this.#joinLines(text, lines, index);
        if (joined === 'needs-more' && !last) break;
        if (typeof joined === 'object' && this.#options.isRecord(joined.text)) {
          yield { line, text: joined.text };
          index = joined.end;
          continue;
        }
        yield { line, code: 'unbalanced-quote', params: {} };
      } else if (text.trim() !== '') {
        yield { line, text };
      }
      index++;
    }
    this.#waiting = lines.slice(index);
    this.#nextLine = firstLine + index;
  }

  /** Adds lines until the quotes are balanced; `end` is the index after the last of them. */
  #joinLines(
    first: string,
    lines: readonly SourceLine[],
    start: number,
  ): { readonly text: string; readonly end: number } | 'needs-more' | 'unbalanced' {
    let text = first;
    let hasSegment = first.includes(SEGMENT_START);
    for (let index = start + 1; index < lines.length; index++) {
      const next = lines[index] ?? null;
      if (next === null || text.length + next.length > this.#options.maxRecordBytes) return 'unbalanced';
      if (next.includes(SEGMENT_START)) {
        if (hasSegment) return 'unbalanced';
        hasSegment = true;
      }
      text += `\n${next}`;
      if (hasOddQuotes(next)) return text.includes('\0') ? 'unbalanced' : { text, end: index + 1 };
    }
    return 'needs-more';
  }
}
