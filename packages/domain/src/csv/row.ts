import { fillSentence, type Language, type Params, type Sentence } from '../catalogue.ts';

/** Why a row cannot be read; stable codes with a sentence each. */
export const CSV_REJECTION_CATALOGUE = {
  'line-too-long': {
    de: 'Die Zeile ist länger als {limitBytes} Bytes.',
    en: 'The line is longer than {limitBytes} bytes.',
  },
  'nul-character': {
    de: 'Die Zeile enthält ein NUL-Zeichen; die Datei ist an dieser Stelle beschädigt.',
    en: 'The line contains a NUL character; the file is damaged at this place.',
  },
  'unbalanced-quote': {
    de: 'Die Zeile öffnet ein Anführungszeichen, das nicht geschlossen wird.',
    en: 'The line opens a quote that is never closed.',
  },
  'misplaced-quote': {
    de: 'In der Zeile steht ein Anführungszeichen mitten in einem Feld.',
    en: 'The line has a quote in the middle of a field.',
  },
  'column-count': {
    de: 'Die Zeile hat {actual} statt {expected} Spalten.',
    en: 'The line has {actual} columns instead of {expected}.',
  },
  'too-many-cells': {
    de: 'Die Zeile hat mehr als {limit} Trennzeichen und wurde nicht gelesen.',
    en: 'The line has more than {limit} delimiters and was not read.',
  },
} as const satisfies Readonly<Record<string, Sentence>>;

export type CsvRejectionCode = keyof typeof CSV_REJECTION_CATALOGUE;

/** A row with the texts of its cells, white space around them removed; not validated. */
export interface CsvRecordRow {
  readonly kind: 'row';
  /** Physical line the row starts in, from 1. */
  readonly line: number;
  /** In lower case. */
  readonly vorgangsnummer: string;
  readonly ibe: string;
  /** Null if the file has no such column or the cell is empty. */
  readonly caseId: string | null;
}

/** A row that cannot be read. */
export interface CsvRejectedRow {
  readonly kind: 'rejected';
  /** Physical line the row starts in, from 1. */
  readonly line: number;
  readonly code: CsvRejectionCode;
  readonly params: Params;
}

export type CsvRow = CsvRecordRow | CsvRejectedRow;

/** One sentence that says why the row was not read, without anything out of the file. */
export function describeRejection(row: CsvRejectedRow, language: Language): string {
  return fillSentence(CSV_REJECTION_CATALOGUE[row.code], language, row.params);
}
