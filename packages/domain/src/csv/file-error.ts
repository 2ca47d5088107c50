import { fillSentence, type Language, type Params, type ParamsOf, type Sentence } from '../catalogue.ts';

/** Why a file as a whole cannot be read; stable codes with a sentence each. No sentence quotes the file's content. */
export const CSV_FILE_ERROR_CATALOGUE = {
  'empty-file': {
    de: 'Die Datei ist leer.',
    en: 'The file is empty.',
  },
  'binary-file': {
    de: 'Das ist keine CSV-Datei, sondern eine Binärdatei (erkannt: {format}). Bitte wählen Sie die CSV-Datei selbst.',
    en: 'This is not a CSV file but a binary one (recognised: {format}). Please choose the CSV file itself.',
  },
  'utf-16-file': {
    de: 'Die Datei ist in UTF-16 gespeichert. Bitte speichern Sie sie als CSV in UTF-8.',
    en: 'The file is stored in UTF-16. Please save it as CSV in UTF-8.',
  },
  'no-header': {
    de: 'Die erste Zeile ist nicht die erwartete Kopfzeile „{expected}“ (Trennzeichen Komma oder Semikolon).',
    en: 'The first line is not the expected header “{expected}” (delimiter comma or semicolon).',
  },
  'missing-column': {
    de: 'In der Kopfzeile fehlt die Spalte „{column}“; erwartet wird „{expected}“.',
    en: 'The header lacks the column “{column}”; expected is “{expected}”.',
  },
  'duplicate-column': {
    de: 'Die Spalte „{column}“ steht mehrfach in der Kopfzeile.',
    en: 'The header has the column “{column}” more than once.',
  },
  'too-many-columns': {
    de: 'Die Kopfzeile hat mehr als {limit} Spalten.',
    en: 'The header has more than {limit} columns.',
  },
} as const satisfies Readonly<Record<string, Sentence>>;

export type CsvFileErrorCode = keyof typeof CSV_FILE_ERROR_CATALOGUE;

/** The file cannot be read at all; thrown before the first row. Trying again with the same file does not help. */
export class CsvFileError extends Error {
  override readonly name = 'CsvFileError';
  readonly code: CsvFileErrorCode;
  readonly params: Params;

  constructor(code: CsvFileErrorCode, params: Params) {
    super(fillSentence(CSV_FILE_ERROR_CATALOGUE[code], 'en', params));
    this.code = code;
    this.params = params;
  }

  /** The sentence for people, without anything out of the file. */
  describe(language: Language): string {
    return fillSentence(CSV_FILE_ERROR_CATALOGUE[this.code], language, this.params);
  }
}

/** Makes the error with exactly the parameters its sentence names. */
export function csvFileError<Code extends CsvFileErrorCode>(
  code: Code,
  params: ParamsOf<(typeof CSV_FILE_ERROR_CATALOGUE)[Code]>,
): CsvFileError {
  return new CsvFileError(code, params);
}
