import type { Sentence } from '../catalogue.ts';

/** An error keeps a Meldebestätigung out; a warning is shown and leaves the decision to people. */
export type FindingSeverity = 'error' | 'warning';

/** What a finding code stands for. */
export interface FindingEntry extends Sentence {
  readonly severity: FindingSeverity;
}

/**
 * Everything that can be said about a Meldebestätigung that does not follow the specification, one sentence each.
 * No sentence quotes a Vorgangsnummer: findings may be logged, Vorgangsnummern may not.
 */
export const FINDING_CATALOGUE = {
  'vorgangsnummer-missing': {
    severity: 'error',
    de: 'Die Vorgangsnummer fehlt.',
    en: 'The Vorgangsnummer is missing.',
  },
  'vorgangsnummer-length': {
    severity: 'error',
    de: 'Die Vorgangsnummer hat {length} statt 64 Zeichen.',
    en: 'The Vorgangsnummer has {length} characters instead of 64.',
  },
  'vorgangsnummer-charset': {
    severity: 'error',
    de: 'Das Zeichen an Stelle {position} der Vorgangsnummer ist keine Hexadezimalziffer (0–9, a–f).',
    en: 'The character at position {position} of the Vorgangsnummer is not a hexadecimal digit (0–9, a–f).',
  },
  'ibe-missing': {
    severity: 'error',
    de: 'Die Meldebestätigung fehlt.',
    en: 'The Meldebestätigung is missing.',
  },
  'ibe-tag': {
    severity: 'error',
    de: 'Die Meldebestätigung beginnt mit „{tag}“ statt mit der Segmentkennung „IBE“.',
    en: 'The Meldebestätigung begins with “{tag}” instead of the segment tag “IBE”.',
  },
  'ibe-elements': {
    severity: 'error',
    de: 'Das IBE-Segment hat {count} statt 5 durch „+“ getrennte Teile.',
    en: 'The IBE segment has {count} parts separated by “+” instead of 5.',
  },
  'control-character': {
    severity: 'error',
    de: 'Der Hash-String enthält an Stelle {position} das EDIFACT-Steuerzeichen „{character}“.',
    en: 'The hash string contains the EDIFACT control character “{character}” at position {position}.',
  },
  'hash-string-charset': {
    severity: 'error',
    de: 'Der Hash-String enthält an Stelle {position} das Zeichen „{character}“; erlaubt sind nur a–z, A–Z, 0–9 und „&“.',
    en: 'The hash string contains “{character}” at position {position}; only a–z, A–Z, 0–9 and “&” are allowed.',
  },
  'hash-string-length': {
    severity: 'error',
    de: 'Der Hash-String hat {length} statt 56 Zeichen.',
    en: 'The hash string has {length} characters instead of 56.',
  },
  'hash-string-fields': {
    severity: 'error',
    de: 'Der Hash-String hat {count} statt 11 durch „&“ getrennte Felder.',
    en: 'The hash string has {count} fields separated by “&” instead of 11.',
  },
  'code-format': {
    severity: 'error',
    de: 'Der Code „{value}“ der Meldebestätigung besteht nicht aus genau 10 Buchstaben und Ziffern.',
    en: 'The code “{value}” of the Meldebestätigung is not made of exactly 10 letters and digits.',
  },
  'code-mismatch': {
    severity: 'error',
    de: 'Der Code „{segment}“ im IBE-Segment ist ein anderer als „{hashString}“ im Hash-String.',
    en: 'The code “{segment}” in the IBE segment differs from “{hashString}” in the hash string.',
  },
  'leistungsdatum-format': {
    severity: 'error',
    de: 'Leistungsdatum und Zähler „{value}“ bestehen nicht aus 11 Ziffern (JJJJMMTTZZZ).',
    en: 'Date of service and counter “{value}” are not made of 11 digits (YYYYMMDDNNN).',
  },
  'leistungsdatum-invalid': {
    severity: 'error',
    de: 'Das Leistungsdatum „{value}“ (JJJJMMTT) gibt es im Kalender nicht.',
    en: 'The date of service “{value}” (YYYYMMDD) does not exist in the calendar.',
  },
  'zaehler-zero': {
    severity: 'error',
    de: 'Der Zähler hinter dem Leistungsdatum ist 000; gezählt wird ab 001.',
    en: 'The counter after the date of service is 000; counting starts at 001.',
  },
  'leistungserbringer-format': {
    severity: 'error',
    de: 'Die Leistungserbringer-ID „{value}“ besteht nicht aus genau 9 Buchstaben und Ziffern.',
    en: 'The healthcare provider id “{value}” is not made of exactly 9 letters and digits.',
  },
  'leistungserbringer-not-ik': {
    severity: 'warning',
    de: 'Die Leistungserbringer-ID „{value}“ ist kein Institutionskennzeichen, denn dieses besteht nur aus Ziffern.',
    en: 'The healthcare provider id “{value}” is no Institutionskennzeichen, which consists of digits only.',
  },
  'leistungserbringer-check-digit': {
    severity: 'warning',
    de: 'Das Institutionskennzeichen {value} hat die Prüfziffer {actual}, richtig wäre {expected}; bitte prüfen Sie es.',
    en: 'The Institutionskennzeichen {value} has the check digit {actual}, it should be {expected}; please check it.',
  },
  'datenknoten-format': {
    severity: 'error',
    de: 'Die Datenknoten-ID „{value}“ hat nicht die Form KDK oder GRZ, drei Buchstaben oder Ziffern, drei Ziffern.',
    en: 'The data node id “{value}” does not have the form KDK or GRZ, three letters or digits, three digits.',
  },
  'datenknoten-kind': {
    severity: 'warning',
    de: 'Die Datenknoten-ID {value} passt nicht zur Art der Daten {kind}: Klinische Daten (C) bestätigt ein KDK, genomische (G) ein GRZ.',
    en: 'The data node id {value} does not fit data of kind {kind}: clinical data (C) belong to a KDK, genomic data (G) to a GRZ.',
  },
  'test-data': {
    severity: 'warning',
    de: 'Die Kennung {value} zeigt, dass es sich um Testdaten handelt.',
    en: 'The identifier {value} shows that these are test data.',
  },
  'typ-unknown': {
    severity: 'error',
    de: 'Der Typ der Meldung „{value}“ ist unbekannt; erlaubt sind 0, 1, 2, 3 und 9.',
    en: 'The report type “{value}” is unknown; allowed are 0, 1, 2, 3 and 9.',
  },
  'indikation-unknown': {
    severity: 'error',
    de: 'Der Indikationsbereich „{value}“ ist unbekannt; erlaubt sind O, R und H.',
    en: 'The indication “{value}” is unknown; allowed are O, R and H.',
  },
  'produktzuordnung-other': {
    severity: 'error',
    de: 'Die Produktzuordnung „{value}“ gehört nicht zum Modellvorhaben Genomsequenzierung; dieses hat die 9.',
    en: 'The product assignment “{value}” does not belong to the genome sequencing model project, which has 9.',
  },
  'produktzuordnung-mismatch': {
    severity: 'error',
    de: 'Die Produktzuordnung „{segment}“ im IBE-Segment ist eine andere als „{hashString}“ im Hash-String.',
    en: 'The product assignment “{segment}” in the IBE segment differs from “{hashString}” in the hash string.',
  },
  'kostentraeger-unknown': {
    severity: 'error',
    de: 'Der Kostenträger „{value}“ ist unbekannt; erlaubt sind 1, 2, 3 und 4.',
    en: 'The payer “{value}” is unknown; allowed are 1, 2, 3 and 4.',
  },
  'art-der-daten-unknown': {
    severity: 'error',
    de: 'Die Art der Daten „{value}“ ist unbekannt; erlaubt sind C und G.',
    en: 'The kind of data “{value}” is unknown; allowed are C and G.',
  },
  'art-der-sequenzierung-unknown': {
    severity: 'error',
    de: 'Die Art der Sequenzierung „{value}“ ist unbekannt; erlaubt sind 0, 1, 2, 3 und 4.',
    en: 'The kind of sequencing “{value}” is unknown; allowed are 0, 1, 2, 3 and 4.',
  },
  'genomic-without-sequencing': {
    severity: 'warning',
    de: 'Die Daten sind genomisch (G), als Art der Sequenzierung ist aber „keine“ (0) angegeben.',
    en: 'The data are genomic (G), yet the kind of sequencing says “none” (0).',
  },
  'qualitaetskontrolle-unknown': {
    severity: 'error',
    de: 'Das Ergebnis der Qualitätskontrolle „{value}“ ist unbekannt; erlaubt sind 0 und 1.',
    en: 'The quality control result “{value}” is unknown; allowed are 0 and 1.',
  },
  'hash-format': {
    severity: 'error',
    de: 'Der Hashwert mit {length} Zeichen besteht nicht aus genau 64 Hexadezimalziffern.',
    en: 'The hash value of {length} characters is not made of exactly 64 hexadecimal digits.',
  },
  'hash-upper-case': {
    severity: 'warning',
    de: 'Der Hashwert enthält Großbuchstaben und wird in Kleinbuchstaben übernommen.',
    en: 'The hash value contains upper-case letters and is taken over in lower case.',
  },
  'hash-mismatch': {
    severity: 'error',
    de: 'Der Hashwert ist nicht der SHA-256-Wert des Hash-Strings; die Meldebestätigung ist verändert oder beschädigt.',
    en: 'The hash value is not the SHA-256 of the hash string; the Meldebestätigung was altered or damaged.',
  },
} as const satisfies Readonly<Record<string, FindingEntry>>;

/** Names one thing that can be wrong with a Meldebestätigung; stable, so clients may key on it. */
export type FindingCode = keyof typeof FINDING_CATALOGUE;
