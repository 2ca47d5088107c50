import { describe, expect, it } from 'vitest';
import { describeField, describeFieldValue } from './field-texts.ts';
import type { FindingField } from './finding.ts';
import {
  ARTEN_DER_DATEN,
  ARTEN_DER_SEQUENZIERUNG,
  INDIKATIONEN,
  KOSTENTRAEGER,
  PRODUKTZUORDNUNGEN,
  QUALITAETSKONTROLLEN,
  TYPEN,
} from './meldebestaetigung.ts';

describe('describeField', () => {
  it('names a field in both languages', () => {
    expect(describeField('artDerDaten', 'de')).toBe('Art der Daten');
    expect(describeField('artDerDaten', 'en')).toBe('Kind of data');
  });
});

describe('describeFieldValue', () => {
  it.each<[FindingField, string | number, string, string]>([
    ['typ', 0, 'Erstmeldung', 'initial report'],
    ['typ', '1', 'Follow-Up', 'follow-up'],
    ['indikation', 'H', 'hereditäres Tumorprädispositionssyndrom', 'hereditary tumour predisposition syndrome'],
    ['artDerSequenzierung', 0, 'keine', 'none'],
    ['qualitaetskontrolle', 1, 'bestanden', 'passed'],
    ['kostentraeger', 7, 'unbekannt (7)', 'unknown (7)'],
    ['typ', 'constructor', 'unbekannt (constructor)', 'unknown (constructor)'],
    ['leistungsdatum', '2024-07-01', '01.07.2024', '1 Jul 2024'],
    ['zaehler', 7, '007', '007'],
    ['leistungserbringerId', '000000000', '000000000 (Testdaten)', '000000000 (test data)'],
    ['datenknotenId', 'GRZK00007', 'GRZK00007', 'GRZK00007'],
    ['code', 'A123456789', 'A123456789', 'A123456789'],
  ])('%s %s', (field, value, german, english) => {
    expect(describeFieldValue(field, value, 'de')).toBe(german);
    expect(describeFieldValue(field, value, 'en')).toBe(english);
  });

  it.each<[FindingField, readonly (string | number)[]]>([
    ['typ', TYPEN],
    ['indikation', INDIKATIONEN],
    ['produktzuordnung', PRODUKTZUORDNUNGEN],
    ['kostentraeger', KOSTENTRAEGER],
    ['artDerDaten', ARTEN_DER_DATEN],
    ['artDerSequenzierung', ARTEN_DER_SEQUENZIERUNG],
    ['qualitaetskontrolle', QUALITAETSKONTROLLEN],
  ])('has different words for every value of %s', (field, values) => {
    for (const language of ['de', 'en'] as const) {
      const words = values.map((value) => describeFieldValue(field, value, language));
      expect(new Set(words).size).toBe(values.length);
      expect(words.join(' ')).not.toMatch(/unbekannt|unknown/);
    }
  });
});
