import * as fc from 'fast-check';
import type { HashStringFields } from '../src/index.ts';
import {
  ARTEN_DER_DATEN,
  ARTEN_DER_SEQUENZIERUNG,
  INDIKATIONEN,
  KOSTENTRAEGER,
  QUALITAETSKONTROLLEN,
  TYPEN,
} from '../src/meldebestaetigung/meldebestaetigung.ts';

const LETTERS_AND_DIGITS = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789');

const textOf = (characters: readonly string[], length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: length, maxLength: length });

const digits = (length: number): fc.Arbitrary<string> => textOf(Array.from('0123456789'), length);

const isoDate = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

const datenknotenId = fc.oneof(
  fc.constant('000000000'),
  fc.tuple(fc.constantFrom('KDK', 'GRZ'), textOf(LETTERS_AND_DIGITS, 3), digits(3)).map((parts) => parts.join('')),
);

/** 64 hexadecimal digits in lower case. */
export const vorgangsnummerArbitrary: fc.Arbitrary<string> = textOf(Array.from('0123456789abcdef'), 64);

/** Any Meldebestätigung that follows the specification. */
export const fieldsArbitrary: fc.Arbitrary<HashStringFields> = fc.record({
  code: textOf(LETTERS_AND_DIGITS, 10),
  leistungsdatum: isoDate,
  zaehler: fc.integer({ min: 1, max: 999 }),
  leistungserbringerId: fc.oneof(digits(9), textOf(LETTERS_AND_DIGITS, 9)),
  datenknotenId,
  typ: fc.constantFrom(...TYPEN),
  indikation: fc.constantFrom(...INDIKATIONEN),
  produktzuordnung: fc.constant<9>(9),
  kostentraeger: fc.constantFrom(...KOSTENTRAEGER),
  artDerDaten: fc.constantFrom(...ARTEN_DER_DATEN),
  artDerSequenzierung: fc.constantFrom(...ARTEN_DER_SEQUENZIERUNG),
  qualitaetskontrolle: fc.constantFrom(...QUALITAETSKONTROLLEN),
});
