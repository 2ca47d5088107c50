import { fillSentence, type Language, type Params, type Sentence } from '../catalogue.ts';
import { FINDING_CATALOGUE } from '../meldebestaetigung/finding-catalogue.ts';
import { CSV_FILE_ERROR_CATALOGUE } from './file-error.ts';
import { CSV_REJECTION_CATALOGUE } from './row.ts';

/** What only a whole file can show; stable codes with a sentence each. */
export const IMPORT_CATALOGUE = {
  'contradictory-rows': {
    de: 'Diese Vorgangsnummer steht in der Datei mehrfach mit verschiedenem Inhalt (Zeilen {lines}); keine dieser Zeilen wurde übernommen.',
    en: 'This Vorgangsnummer occurs in the file several times with different content (lines {lines}); none of these lines was taken.',
  },
  'case-id-ignored': {
    de: 'Die Fallnummer der Zeile ist zu lang oder enthält unzulässige Zeichen und wurde nicht übernommen.',
    en: 'The case id of the line is too long or contains characters that are not allowed, and was not taken.',
  },
  'file-too-large': {
    de: 'Die Datei hat {sizeBytes} Bytes; erlaubt sind höchstens {limitBytes}. Bitte teilen Sie sie auf.',
    en: 'The file has {sizeBytes} bytes; at most {limitBytes} are allowed. Please split it.',
  },
  'too-many-rejected': {
    de: 'Mehr als {limit} Zeilen der Datei sind ungültig. Deshalb wurde keine Zeile übernommen; die ersten ungültigen stehen mit ihrem Grund beim Import.',
    en: 'More than {limit} lines of the file are invalid. So no line was taken; the first invalid ones are listed at the import with the reason.',
  },
} as const satisfies Readonly<Record<string, Sentence>>;

export type ImportFindingCode = keyof typeof IMPORT_CATALOGUE;

const SENTENCES: Readonly<Record<string, Sentence>> = {
  ...FINDING_CATALOGUE,
  ...CSV_REJECTION_CATALOGUE,
  ...CSV_FILE_ERROR_CATALOGUE,
  ...IMPORT_CATALOGUE,
};

/**
 * The sentence of anything an import says about a file or a row of it: a validity finding, a line that cannot be read,
 * a file that is refused. An unknown code, from a newer release, is its own sentence.
 */
export function describeImportFinding(finding: { code: string; params: Params }, language: Language): string {
  const sentence = Object.hasOwn(SENTENCES, finding.code) ? SENTENCES[finding.code] : undefined;
  return sentence ? fillSentence(sentence, language, finding.params) : finding.code;
}
