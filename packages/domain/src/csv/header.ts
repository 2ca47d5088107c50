import { type Delimiter, hasManyCells, MAX_DELIMITERS, parseRecord } from './cells.ts';
import { type CsvFileError, csvFileError } from './file-error.ts';

/** Where the columns are that we read. */
export interface CsvHeader {
  readonly delimiter: Delimiter;
  readonly columnCount: number;
  readonly vorgangsnummer: number;
  readonly meldebestaetigung: number;
  /** Null if the file has no column with a case id. */
  readonly caseId: number | null;
}

const EXPECTED = 'Vorgangsnummer,Meldebestaetigung';
const DELIMITERS: readonly Delimiter[] = [',', ';'];
const VORGANGSNUMMER = 'vorgangsnummer';
const MELDEBESTAETIGUNG = 'meldebestaetigung';
/** Names a column with case ids goes by; with several of them in one header the earlier name here wins. */
const CASE_ID_NAMES = ['fallnummer', 'fallid', 'caseid', 'fall'];

/** A cell longer than this is no column name, so most rows need no closer look. */
const LONGEST_COLUMN_NAME = 40;

/** Column names compare without case, white space, `-`, `_` and with `ä` as `ae`. */
function normaliseName(cell: string): string {
  return cell
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\s_-]/g, '')
    .replaceAll('ä', 'ae');
}

function columnNames(record: string, delimiter: Delimiter): string[] {
  if (hasManyCells(record, delimiter)) return [];
  return (parseRecord(record, delimiter) ?? []).map(normaliseName);
}

const knownColumns = (names: readonly string[]): number =>
  Number(names.includes(VORGANGSNUMMER)) + Number(names.includes(MELDEBESTAETIGUNG));

function onlyIndex(names: readonly string[], name: string, column: string): number {
  const index = names.indexOf(name);
  if (index === -1) throw csvFileError('missing-column', { column, expected: EXPECTED });
  if (names.lastIndexOf(name) !== index) throw csvFileError('duplicate-column', { column });
  return index;
}

/** Whether the text can be read as a header with both columns. */
export function isHeader(record: string): boolean {
  return DELIMITERS.some((delimiter) => knownColumns(columnNames(record, delimiter)) === 2);
}

/** Whether the cells are the header again, as in files that were joined. */
export function isRepeatedHeader(cells: readonly string[], header: CsvHeader): boolean {
  const vorgangsnummer = cells[header.vorgangsnummer] ?? '';
  if (vorgangsnummer.length > LONGEST_COLUMN_NAME) return false;
  return (
    normaliseName(vorgangsnummer) === VORGANGSNUMMER &&
    normaliseName(cells[header.meldebestaetigung] ?? '') === MELDEBESTAETIGUNG
  );
}

/** The error for a first line that is no header. */
export function noHeaderError(): CsvFileError {
  return csvFileError('no-header', { expected: EXPECTED });
}

/**
 * Reads the header and finds the delimiter by it.
 *
 * @throws CsvFileError `no-header`, `missing-column`, `duplicate-column` or `too-many-columns`
 */
export function readHeader(record: string): CsvHeader {
  if (DELIMITERS.some((delimiter) => hasManyCells(record, delimiter))) {
    throw csvFileError('too-many-columns', { limit: MAX_DELIMITERS });
  }
  const candidates = DELIMITERS.map((delimiter) => ({ delimiter, names: columnNames(record, delimiter) }));
  const [best] = candidates.sort((a, b) => knownColumns(b.names) - knownColumns(a.names));
  if (!best || knownColumns(best.names) === 0) throw noHeaderError();
  const { delimiter, names } = best;
  const caseIdName = CASE_ID_NAMES.find((name) => names.includes(name));
  return {
    delimiter,
    columnCount: names.length,
    vorgangsnummer: onlyIndex(names, VORGANGSNUMMER, 'Vorgangsnummer'),
    meldebestaetigung: onlyIndex(names, MELDEBESTAETIGUNG, 'Meldebestaetigung'),
    caseId: caseIdName === undefined ? null : names.indexOf(caseIdName),
  };
}
