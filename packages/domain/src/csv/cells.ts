import { parse } from 'csv-parse/sync';

/** The two delimiters a file of Meldebestätigungen may have. */
export type Delimiter = ',' | ';';

/** Most delimiters of a row that is read: far above any table of Meldebestätigungen, and few enough to be parsed at once. */
export const MAX_DELIMITERS = 1_000;

/**
 * Whether a record has more delimiters outside of quotes than a row may have. A line of nothing else is tens of thousands of
 * cells, and a file of such lines would keep its reader busy for everybody.
 */
export function hasManyCells(record: string, delimiter: Delimiter): boolean {
  if (record.length <= MAX_DELIMITERS) return false;
  let count = 0;
  let isQuoted = false;
  for (let index = 0; index < record.length; index++) {
    const character = record[index];
    if (character === '"') isQuoted = !isQuoted;
    else if (character === delimiter && !isQuoted && ++count > MAX_DELIMITERS) return true;
  }
  return false;
}

/** A cell without quotes, or one quoted as a whole with its inner quotes doubled. Linear: no two ways to match. */
const cellPattern = (delimiter: Delimiter): string => `(?:[^"${delimiter}]*|[ \\t]*"[^"]*(?:""[^"]*)*"[ \\t]*)`;

/** A record whose quotes are in their places, maybe behind a byte order mark. */
const recordPattern = (delimiter: Delimiter): RegExp => {
  const cell = cellPattern(delimiter);
  return new RegExp(`^\\uFEFF?${cell}(?:${delimiter}${cell})*$`);
};

const WELL_FORMED: Readonly<Record<Delimiter, RegExp>> = { ',': recordPattern(','), ';': recordPattern(';') };

/**
 * Parses records, each not blank, into their cells without the white space around them; null for a record whose quotes
 * are not balanced or not in their places. Those are sorted out beforehand, because the parser gives all up for one
 * error, and with its option `skip_records_with_error` it silently ends at text behind a closing quote. What is left
 * goes through it in one run: a run costs as much as thirty rows.
 */
export function parseCells(records: readonly string[], delimiter: Delimiter): (string[] | null)[] {
  const isWellFormed = records.map((record) => !record.includes('"') || WELL_FORMED[delimiter].test(record));
  const wellFormed = records.filter((_record, index) => isWellFormed[index]);
  if (wellFormed.length === 0) return records.map(() => null);
  const parsed = parse(wellFormed.join('\n'), {
    delimiter,
    record_delimiter: '\n',
    relax_column_count: true,
    // Takes byte order marks off, too, which joined files have in the middle.
    trim: true,
    // The lines are limited already; the parser counts bytes of its own encoding, not of the file's.
    max_record_size: 0,
  });
  const cells = parsed.values();
  return isWellFormed.map((isParsed) => (isParsed ? (cells.next().value ?? null) : null));
}

/** The cells of one record, null if its quotes are not balanced or not in their places. */
export function parseRecord(record: string, delimiter: Delimiter): string[] | null {
  return parseCells([record], delimiter)[0] ?? null;
}
