/** Typ der Meldung: initial report, follow-up, late report, correction, test. */
export const TYPEN = [0, 1, 2, 3, 9] as const;
/** Indikationsbereich: oncological, rare disease, hereditary tumour predisposition syndrome. */
export const INDIKATIONEN = ['O', 'R', 'H'] as const;
/** Produktzuordnung: only 9, the MV GenomSeq, is ours; 0 and 1 belong to implants. */
export const PRODUKTZUORDNUNGEN = [9] as const;
/** Kostenträger: statutory, private, private with Beihilfe, other. */
export const KOSTENTRAEGER = [1, 2, 3, 4] as const;
/** Art der Daten: clinical, genomic. */
export const ARTEN_DER_DATEN = ['C', 'G'] as const;
/** Art der Sequenzierung: none, WGS, WES, panel, long-read WGS. */
export const ARTEN_DER_SEQUENZIERUNG = [0, 1, 2, 3, 4] as const;
/** Ergebnis der Qualitätskontrolle: failed, passed. */
export const QUALITAETSKONTROLLEN = [0, 1] as const;

/** The identifier that stands for a Leistungserbringer or a Datenknoten in test data. */
export const TEST_IDENTIFIER = '000000000';

/**
 * One Meldebestätigung (MB) of the Modellvorhaben Genomsequenzierung (§ 64e SGB V), as the specification
 * "Dokumentation Meldebestätigung MVGenomSeq" (BfArM) defines its eleven fields.
 */
export interface Meldebestaetigung {
  /** Field 1: ten letters and digits, unique. */
  readonly code: string;
  /** Field 2, first part: ISO date `yyyy-mm-dd`, a day that exists. */
  readonly leistungsdatum: string;
  /** Field 2, second part: 1–999, counted per Leistungserbringer and day. */
  readonly zaehler: number;
  /** Field 3: Institutionskennzeichen (§ 293 SGB V), nine characters; `000000000` in test data. */
  readonly leistungserbringerId: string;
  /** Field 4: `KDK` or `GRZ`, three letters or digits, three digits; `000000000` in test data. */
  readonly datenknotenId: string;
  /** Field 5. */
  readonly typ: (typeof TYPEN)[number];
  /** Field 6. */
  readonly indikation: (typeof INDIKATIONEN)[number];
  /** Field 7. */
  readonly produktzuordnung: (typeof PRODUKTZUORDNUNGEN)[number];
  /** Field 8. */
  readonly kostentraeger: (typeof KOSTENTRAEGER)[number];
  /** Field 9. */
  readonly artDerDaten: (typeof ARTEN_DER_DATEN)[number];
  /** Field 10. */
  readonly artDerSequenzierung: (typeof ARTEN_DER_SEQUENZIERUNG)[number];
  /** Field 11. */
  readonly qualitaetskontrolle: (typeof QUALITAETSKONTROLLEN)[number];
  /** The eleven fields joined by `&`, 56 characters. */
  readonly hashString: string;
  /** SHA-256 of the ASCII bytes of `hashString`, 64 lower-case hexadecimal digits. */
  readonly hash: string;
}

/** What the hash string alone says. */
export type HashStringFields = Omit<Meldebestaetigung, 'hashString' | 'hash'>;
