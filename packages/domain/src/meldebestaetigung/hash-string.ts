import type { ParamsOf } from '../catalogue.ts';
import { readCalendarDate } from './calendar-date.ts';
import { excerpt } from './excerpt.ts';
import { type FindingField, makeFinding, type ReportFinding } from './finding.ts';
import type { FINDING_CATALOGUE, FindingCode } from './finding-catalogue.ts';
import {
  ARTEN_DER_DATEN,
  ARTEN_DER_SEQUENZIERUNG,
  type HashStringFields,
  INDIKATIONEN,
  KOSTENTRAEGER,
  type Meldebestaetigung,
  PRODUKTZUORDNUNGEN,
  QUALITAETSKONTROLLEN,
  TEST_IDENTIFIER,
  TYPEN,
} from './meldebestaetigung.ts';

const FIELD_COUNT = 11;
const HASH_STRING_LENGTH = 56;

const CODE = /^[a-zA-Z0-9]{10}$/;
const DATE_AND_COUNTER = /^[0-9]{11}$/;
const LEISTUNGSERBRINGER_ID = /^[a-zA-Z0-9]{9}$/;
const DATENKNOTEN_ID = new RegExp(`^(?:(?:KDK|GRZ)[a-zA-Z0-9]{3}[0-9]{3}|${TEST_IDENTIFIER})$`);

/** Codes whose sentence needs the offending value and nothing else. */
type ValueCode = {
  [Code in FindingCode]: [keyof ParamsOf<(typeof FINDING_CATALOGUE)[Code]>, 'value'] extends [
    'value',
    keyof ParamsOf<(typeof FINDING_CATALOGUE)[Code]>,
  ]
    ? Code
    : never;
}[FindingCode];

/** Names the first EDIFACT control character and the first other character that may not be in a hash string. */
function reportCharacters(hashString: string, report: ReportFinding): void {
  const control = /[+:'?]/.exec(hashString);
  if (control) {
    const params = { position: control.index + 1, character: control[0] };
    report(makeFinding('control-character', 'hashString', params));
  }
  const foreign = /[^a-zA-Z0-9&+:'?]/u.exec(hashString);
  if (foreign) {
    const params = { position: foreign.index + 1, character: excerpt(foreign[0]) };
    report(makeFinding('hash-string-charset', 'hashString', params));
  }
}

function readDateAndCounter(text: string, report: ReportFinding): { leistungsdatum: string; zaehler: number } | null {
  if (!DATE_AND_COUNTER.test(text)) {
    report(makeFinding('leistungsdatum-format', 'leistungsdatum', { value: excerpt(text) }));
    return null;
  }
  const leistungsdatum = readCalendarDate(text);
  if (leistungsdatum === null) {
    report(makeFinding('leistungsdatum-invalid', 'leistungsdatum', { value: text.slice(0, 8) }));
  }
  const zaehler = Number(text.slice(8));
  if (zaehler === 0) report(makeFinding('zaehler-zero', 'zaehler', {}));
  return leistungsdatum === null || zaehler === 0 ? null : { leistungsdatum, zaehler };
}

function reportValue(code: ValueCode, field: FindingField, text: string, report: ReportFinding): null {
  report(makeFinding(code, field, { value: excerpt(text) }));
  return null;
}

type FieldReader<Value> = (text: string, report: ReportFinding) => Value | null;

function textReader(pattern: RegExp, code: ValueCode, field: FindingField): FieldReader<string> {
  return (text, report) => (pattern.test(text) ? text : reportValue(code, field, text, report));
}

function codeReader<Value extends string | number>(
  values: readonly Value[],
  code: ValueCode,
  field: FindingField,
): FieldReader<Value> {
  const byText = new Map(values.map((value) => [String(value), value]));
  return (text, report) => byText.get(text) ?? reportValue(code, field, text, report);
}

const readCode = textReader(CODE, 'code-format', 'code');
const readLeistungserbringerId = textReader(LEISTUNGSERBRINGER_ID, 'leistungserbringer-format', 'leistungserbringerId');
const readDatenknotenId = textReader(DATENKNOTEN_ID, 'datenknoten-format', 'datenknotenId');
const readTyp = codeReader(TYPEN, 'typ-unknown', 'typ');
const readIndikation = codeReader(INDIKATIONEN, 'indikation-unknown', 'indikation');
const readProduktzuordnung = codeReader(PRODUKTZUORDNUNGEN, 'produktzuordnung-other', 'produktzuordnung');
const readKostentraeger = codeReader(KOSTENTRAEGER, 'kostentraeger-unknown', 'kostentraeger');
const readArtDerDaten = codeReader(ARTEN_DER_DATEN, 'art-der-daten-unknown', 'artDerDaten');
const readArtDerSequenzierung = codeReader(
  ARTEN_DER_SEQUENZIERUNG,
  'art-der-sequenzierung-unknown',
  'artDerSequenzierung',
);
const readQualitaetskontrolle = codeReader(QUALITAETSKONTROLLEN, 'qualitaetskontrolle-unknown', 'qualitaetskontrolle');

function readFields(
  texts: readonly string[],
  hashString: string,
  hash: string,
  report: ReportFinding,
): Meldebestaetigung | null {
  const textOf = (number: number): string => texts[number - 1] ?? '';
  const code = readCode(textOf(1), report);
  const dateAndCounter = readDateAndCounter(textOf(2), report);
  const leistungserbringerId = readLeistungserbringerId(textOf(3), report);
  const datenknotenId = readDatenknotenId(textOf(4), report);
  const typ = readTyp(textOf(5), report);
  const indikation = readIndikation(textOf(6), report);
  const produktzuordnung = readProduktzuordnung(textOf(7), report);
  const kostentraeger = readKostentraeger(textOf(8), report);
  const artDerDaten = readArtDerDaten(textOf(9), report);
  const artDerSequenzierung = readArtDerSequenzierung(textOf(10), report);
  const qualitaetskontrolle = readQualitaetskontrolle(textOf(11), report);
  if (
    code === null ||
    dateAndCounter === null ||
    leistungserbringerId === null ||
    datenknotenId === null ||
    typ === null ||
    indikation === null ||
    produktzuordnung === null ||
    kostentraeger === null ||
    artDerDaten === null ||
    artDerSequenzierung === null ||
    qualitaetskontrolle === null
  ) {
    return null;
  }
  return {
    code,
    leistungsdatum: dateAndCounter.leistungsdatum,
    zaehler: dateAndCounter.zaehler,
    leistungserbringerId,
    datenknotenId,
    typ,
    indikation,
    produktzuordnung,
    kostentraeger,
    artDerDaten,
    artDerSequenzierung,
    qualitaetskontrolle,
    hashString,
    hash,
  };
}

/**
 * Reads the eleven fields of a hash string; the hash is taken along as it is, so that the value is built in one step.
 * Reports every error it can determine and returns null then. A text without errors has the length and the characters the specification asks for, because its fields have.
 */
export function readHashString(hashString: string, hash: string, report: ReportFinding): Meldebestaetigung | null {
  const texts = hashString.split('&');
  const value = texts.length === FIELD_COUNT ? readFields(texts, hashString, hash, report) : null;
  if (value) return value;
  if (texts.length !== FIELD_COUNT) {
    report(makeFinding('hash-string-fields', 'hashString', { count: texts.length }));
  }
  if (hashString.length !== HASH_STRING_LENGTH) {
    report(makeFinding('hash-string-length', 'hashString', { length: hashString.length }));
  }
  reportCharacters(hashString, report);
  return null;
}

/** The hash string these fields stand for. */
export function formatHashString(fields: HashStringFields): string {
  return [
    fields.code,
    fields.leistungsdatum.replaceAll('-', '') + String(fields.zaehler).padStart(3, '0'),
    fields.leistungserbringerId,
    fields.datenknotenId,
    fields.typ,
    fields.indikation,
    fields.produktzuordnung,
    fields.kostentraeger,
    fields.artDerDaten,
    fields.artDerSequenzierung,
    fields.qualitaetskontrolle,
  ].join('&');
}
