import type { Language, Sentence } from '../catalogue.ts';
import type { FindingField } from './finding.ts';
import { type Meldebestaetigung, TEST_IDENTIFIER } from './meldebestaetigung.ts';

const FIELD_LABELS = {
  vorgangsnummer: { de: 'Vorgangsnummer', en: 'Vorgangsnummer' },
  ibe: { de: 'Meldebestätigung (IBE-Segment)', en: 'Meldebestätigung (IBE segment)' },
  code: { de: 'Code der Meldebestätigung', en: 'Code of the Meldebestätigung' },
  leistungsdatum: { de: 'Leistungsdatum', en: 'Date of service' },
  zaehler: { de: 'Zähler des Tages', en: 'Counter of the day' },
  leistungserbringerId: { de: 'Leistungserbringer-ID', en: 'Healthcare provider id' },
  datenknotenId: { de: 'Datenknoten-ID', en: 'Data node id' },
  typ: { de: 'Typ der Meldung', en: 'Report type' },
  indikation: { de: 'Indikationsbereich', en: 'Indication' },
  produktzuordnung: { de: 'Produktzuordnung', en: 'Product assignment' },
  kostentraeger: { de: 'Kostenträger', en: 'Payer' },
  artDerDaten: { de: 'Art der Daten', en: 'Kind of data' },
  artDerSequenzierung: { de: 'Art der Sequenzierung', en: 'Kind of sequencing' },
  qualitaetskontrolle: { de: 'Ergebnis der Qualitätskontrolle', en: 'Quality control result' },
  hashString: { de: 'Hash-String', en: 'Hash string' },
  hash: { de: 'Hashwert (SHA-256)', en: 'Hash value (SHA-256)' },
} as const satisfies Readonly<Record<FindingField, Sentence>>;

type CodedField =
  | 'typ'
  | 'indikation'
  | 'produktzuordnung'
  | 'kostentraeger'
  | 'artDerDaten'
  | 'artDerSequenzierung'
  | 'qualitaetskontrolle';

/** Every value of every coded field has its words, or this does not compile. */
const VALUE_TEXTS: { readonly [Field in CodedField]: Readonly<Record<Meldebestaetigung[Field], Sentence>> } = {
  typ: {
    0: { de: 'Erstmeldung', en: 'initial report' },
    1: { de: 'Follow-Up', en: 'follow-up' },
    2: { de: 'Nachmeldung', en: 'supplementary report' },
    3: { de: 'Korrektur', en: 'correction' },
    9: { de: 'Test', en: 'test' },
  },
  indikation: {
    O: { de: 'onkologische Erkrankung', en: 'oncological disease' },
    R: { de: 'seltene Erkrankung', en: 'rare disease' },
    H: { de: 'hereditäres Tumorprädispositionssyndrom', en: 'hereditary tumour predisposition syndrome' },
  },
  produktzuordnung: {
    9: { de: 'Modellvorhaben Genomsequenzierung', en: 'genome sequencing model project' },
  },
  kostentraeger: {
    1: { de: 'gesetzliche Krankenversicherung (GKV)', en: 'statutory health insurance (GKV)' },
    2: { de: 'private Krankenversicherung (PKV)', en: 'private health insurance (PKV)' },
    3: {
      de: 'private Krankenversicherung mit Beihilfe (PKV/Beihilfe)',
      en: 'private health insurance with civil service aid (PKV/Beihilfe)',
    },
    4: { de: 'andere', en: 'other' },
  },
  artDerDaten: {
    C: { de: 'klinische Daten', en: 'clinical data' },
    G: { de: 'genomische Daten', en: 'genomic data' },
  },
  artDerSequenzierung: {
    0: { de: 'keine', en: 'none' },
    1: { de: 'Ganzgenomsequenzierung (WGS)', en: 'whole genome sequencing (WGS)' },
    2: { de: 'Exomsequenzierung (WES)', en: 'whole exome sequencing (WES)' },
    3: { de: 'Panelsequenzierung', en: 'panel sequencing' },
    4: { de: 'Long-Read-Ganzgenomsequenzierung (WGS_LR)', en: 'long-read whole genome sequencing (WGS_LR)' },
  },
  qualitaetskontrolle: {
    0: { de: 'nicht bestanden', en: 'failed' },
    1: { de: 'bestanden', en: 'passed' },
  },
};

const TEST_DATA: Sentence = { de: 'Testdaten', en: 'test data' };
const UNKNOWN: Sentence = { de: 'unbekannt', en: 'unknown' };

function isCoded(field: FindingField): field is CodedField {
  return Object.hasOwn(VALUE_TEXTS, field);
}

/** The name of a field, as a label. */
export function describeField(field: FindingField, language: Language): string {
  return FIELD_LABELS[field][language];
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A day `yyyy-mm-dd`: `01.07.2024`, in English `1 Jul 2024`; what is none comes back as it is. */
function describeDay(text: string, language: Language): string {
  const [year, month, day] = text.split('-');
  if (year === undefined || month === undefined || day === undefined) return text;
  if (language === 'de') return `${day}.${month}.${year}`;
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
}

/**
 * The meaning of a field's value in words. Codes become words (`typ` 0 → "Erstmeldung"; one outside the specification
 * is called unknown), the Leistungsdatum is written as the language does, the Zähler with three digits, the identifier
 * of test data is named as such; anything else comes back as it is.
 */
export function describeFieldValue(field: FindingField, value: string | number, language: Language): string {
  const text = String(value);
  if (isCoded(field)) {
    const texts: Readonly<Record<string, Sentence>> = VALUE_TEXTS[field];
    return Object.hasOwn(texts, text) ? (texts[text]?.[language] ?? text) : `${UNKNOWN[language]} (${text})`;
  }
  if (field === 'leistungsdatum') return describeDay(text, language);
  if (field === 'zaehler') return text.padStart(3, '0');
  const isIdentifier = field === 'leistungserbringerId' || field === 'datenknotenId';
  return isIdentifier && text === TEST_IDENTIFIER ? `${text} (${TEST_DATA[language]})` : text;
}
