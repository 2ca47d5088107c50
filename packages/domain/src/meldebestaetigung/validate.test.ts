import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsArbitrary, vorgangsnummerArbitrary } from '../../test/arbitraries.ts';
import { FIXTURE_NAMES, readFixture, segmentWith, vorgangsnummerOf } from '../../test/samples.ts';
import { nodeSha256 } from '../../test/sha256.ts';
import { describeFinding, type Finding } from './finding.ts';
import { FINDING_CATALOGUE, type FindingCode } from './finding-catalogue.ts';
import { formatIbeSegment, parseIbeSegment } from './segment.ts';
import { validateMeldebestaetigung } from './validate.ts';

const VORGANGSNUMMER = vorgangsnummerOf(1);

const validate = (ibe: string, vorgangsnummer = VORGANGSNUMMER) =>
  validateMeldebestaetigung({ vorgangsnummer, ibe }, nodeSha256);

const codesOf = (findings: readonly Finding[]): FindingCode[] => findings.map((finding) => finding.code);

describe('published Meldebestätigungen', () => {
  it.each(FIXTURE_NAMES)('%s has no errors and only warnings that are true', (name) => {
    const [, row = ''] = readFixture(name).toString('ascii').split(/\r?\n/);
    const [vorgangsnummer = '', ibe = ''] = row.split(',');

    const result = validate(ibe, vorgangsnummer);

    expect(result).toMatchObject({ ok: true, vorgangsnummer: vorgangsnummer.toLowerCase(), ibe });
    expect(codesOf(result.findings)).toEqual(name.includes('ZW74OS83JI') ? [] : ['test-data']);
  });

  it('reads every field of the genomic example', () => {
    const hashString = 'ZW74OS83JI&20251103010&260320597&GRZDD0004&0&R&9&1&G&1&1';
    const hash = '474a584ed3ef1d537ca40a77db72401b9a809efc7599a00757d8418056c49b53';

    expect(validate(`IBE+ZW74OS83JI+${hashString}+9+${hash}`)).toMatchObject({
      ok: true,
      value: {
        code: 'ZW74OS83JI',
        leistungsdatum: '2025-11-03',
        zaehler: 10,
        leistungserbringerId: '260320597',
        datenknotenId: 'GRZDD0004',
        typ: 0,
        indikation: 'R',
        produktzuordnung: 9,
        kostentraeger: 1,
        artDerDaten: 'G',
        artDerSequenzierung: 1,
        qualitaetskontrolle: 1,
        hashString,
        hash,
      },
    });
  });

  it('accepts the check value of the specification', () => {
    const ibe =
      'IBE+A123456789+A123456789&20240701001&260530103&KDKK00001&0&O&9&1&C&2&1+9+' +
      'bad8a31b1759b565bee3d283e68af38e173499bfcce2f50691e7eddda62b2f31';

    expect(segmentWith()).toBe(ibe);
    expect(validate(ibe)).toMatchObject({ ok: true, ibe, findings: [] });
  });
});

interface FindingCase {
  readonly ibe?: string;
  readonly vorgangsnummer?: string;
  readonly field: Finding['field'];
  /** All codes that must come of it, if there are more. */
  readonly with?: readonly FindingCode[];
  readonly says: string;
}

/** One case for each code: the compiler asks for a new one with a new code. */
const FINDING_CASES: Readonly<Record<FindingCode, FindingCase>> = {
  'vorgangsnummer-missing': { vorgangsnummer: '', field: 'vorgangsnummer', says: 'fehlt' },
  'vorgangsnummer-length': { vorgangsnummer: 'a'.repeat(63), field: 'vorgangsnummer', says: '63 statt 64' },
  'vorgangsnummer-charset': { vorgangsnummer: `ab${'x'.repeat(62)}`, field: 'vorgangsnummer', says: 'Stelle 3' },
  'ibe-missing': { ibe: '', field: 'ibe', says: 'fehlt' },
  'ibe-tag': { ibe: segmentWith({ tag: 'IBX' }), field: 'ibe', says: '„IBX“' },
  'ibe-elements': { ibe: 'IBE+A123456789', field: 'ibe', says: '2 statt 5' },
  'control-character': {
    ibe: segmentWith({ fields: { 3: "26053'103" } }),
    field: 'hashString',
    with: ['leistungserbringer-format'],
    says: "Stelle 29 das EDIFACT-Steuerzeichen „'“",
  },
  'hash-string-charset': {
    ibe: segmentWith({ fields: { 1: 'Ä123456789' } }),
    field: 'hashString',
    with: ['code-format'],
    says: 'Stelle 1 das Zeichen „Ä“',
  },
  'hash-string-length': {
    ibe: segmentWith({ fields: { 1: 'A12345678' } }),
    field: 'hashString',
    with: ['code-format'],
    says: '55 statt 56',
  },
  'hash-string-fields': {
    ibe: segmentWith({ hashString: 'A123456789&20240701001&260530103&KDKK00001&0&O&9&1&C&2AA' }),
    field: 'hashString',
    says: '10 statt 11',
  },
  'code-format': {
    ibe: segmentWith({ fields: { 1: 'A12345678 ' } }),
    field: 'code',
    with: ['hash-string-charset'],
    says: '„A12345678 “',
  },
  'code-mismatch': { ibe: segmentWith({ code: 'B123456789' }), field: 'code', says: '„B123456789“' },
  'leistungsdatum-format': {
    ibe: segmentWith({ fields: { 2: '2024070100A' } }),
    field: 'leistungsdatum',
    says: '„2024070100A“',
  },
  'leistungsdatum-invalid': {
    ibe: segmentWith({ fields: { 2: '20230229001' } }),
    field: 'leistungsdatum',
    says: '„20230229“',
  },
  'zaehler-zero': { ibe: segmentWith({ fields: { 2: '20240701000' } }), field: 'zaehler', says: '001' },
  'leistungserbringer-format': {
    ibe: segmentWith({ fields: { 3: '26053010' } }),
    field: 'leistungserbringerId',
    with: ['hash-string-length'],
    says: '„26053010“',
  },
  'leistungserbringer-not-ik': {
    ibe: segmentWith({ fields: { 3: '26053010A' } }),
    field: 'leistungserbringerId',
    says: '„26053010A“',
  },
  'leistungserbringer-check-digit': {
    ibe: segmentWith({ fields: { 3: '260530104' } }),
    field: 'leistungserbringerId',
    says: 'Prüfziffer 4, richtig wäre 3',
  },
  'datenknoten-format': {
    ibe: segmentWith({ fields: { 4: 'KDKK0000A' } }),
    field: 'datenknotenId',
    says: '„KDKK0000A“',
  },
  'datenknoten-kind': { ibe: segmentWith({ fields: { 9: 'G' } }), field: 'datenknotenId', says: 'KDKK00001' },
  'test-data': { ibe: segmentWith({ fields: { 4: '000000000' } }), field: 'datenknotenId', says: 'Testdaten' },
  'typ-unknown': { ibe: segmentWith({ fields: { 5: '4' } }), field: 'typ', says: '„4“' },
  'indikation-unknown': { ibe: segmentWith({ fields: { 6: '0' } }), field: 'indikation', says: '„0“' },
  'produktzuordnung-other': {
    ibe: segmentWith({ fields: { 7: '1' } }),
    field: 'produktzuordnung',
    says: '„1“',
  },
  'produktzuordnung-mismatch': {
    ibe: segmentWith({ produktzuordnung: '1' }),
    field: 'produktzuordnung',
    says: '„1“ im IBE-Segment',
  },
  'kostentraeger-unknown': { ibe: segmentWith({ fields: { 8: '5' } }), field: 'kostentraeger', says: '„5“' },
  'art-der-daten-unknown': { ibe: segmentWith({ fields: { 9: 'c' } }), field: 'artDerDaten', says: '„c“' },
  'art-der-sequenzierung-unknown': {
    ibe: segmentWith({ fields: { 10: '5' } }),
    field: 'artDerSequenzierung',
    says: '„5“',
  },
  'genomic-without-sequencing': {
    ibe: segmentWith({ fields: { 4: 'GRZK00007', 9: 'G', 10: '0' } }),
    field: 'artDerSequenzierung',
    says: '„keine“ (0)',
  },
  'qualitaetskontrolle-unknown': {
    ibe: segmentWith({ fields: { 11: '2' } }),
    field: 'qualitaetskontrolle',
    says: '„2“',
  },
  'hash-format': { ibe: segmentWith({ hash: 'abc' }), field: 'hash', says: '3 Zeichen' },
  'hash-upper-case': {
    ibe: segmentWith({ hash: 'BAD8A31B1759B565BEE3D283E68AF38E173499BFCCE2F50691E7EDDDA62B2F31' }),
    field: 'hash',
    says: 'Kleinbuchstaben',
  },
  'hash-mismatch': { ibe: segmentWith({ hash: '0'.repeat(64) }), field: 'hash', says: 'SHA-256' },
};

describe('findings', () => {
  it.each(Object.entries(FINDING_CASES))('%s', (code, { ibe, vorgangsnummer, field, says, ...rest }) => {
    const { ok, findings } = validate(ibe ?? segmentWith(), vorgangsnummer);
    const finding = findings.find((candidate) => candidate.code === code);

    expect(codesOf(findings).sort()).toEqual([code, ...(rest.with ?? [])].sort());
    expect(finding).toMatchObject({ field, severity: ok ? 'warning' : 'error' });
    expect(finding && describeFinding(finding, 'de')).toContain(says);
    for (const found of findings) {
      const template = FINDING_CATALOGUE[found.code].de;
      expect(Object.keys(found.params).every((name) => template.includes(`{${name}}`))).toBe(true);
      expect(describeFinding(found, 'de') + describeFinding(found, 'en')).not.toMatch(/\{\w+\}/);
    }
  });

  it('reports everything that can be determined, not only the first', () => {
    const ibe = segmentWith({
      fields: { 2: '20241301000', 5: '7', 11: 'x' },
      code: 'B123456789',
      produktzuordnung: '0',
      hash: '0'.repeat(64),
    });

    expect(codesOf(validate(ibe, 'zz').findings)).toEqual([
      'vorgangsnummer-length',
      'vorgangsnummer-charset',
      'leistungsdatum-invalid',
      'zaehler-zero',
      'typ-unknown',
      'qualitaetskontrolle-unknown',
      'code-mismatch',
      'produktzuordnung-mismatch',
      'hash-mismatch',
    ]);
  });

  it('recognises a plus sign inside the hash string as the control character it is', () => {
    const { findings } = validate(segmentWith({ fields: { 3: '2605+0103' } }));

    expect(codesOf(findings)).toContain('control-character');
    expect(codesOf(findings)).not.toContain('ibe-elements');
  });

  it('counts the parts of a segment that merely has too many', () => {
    const hash = segmentWith().slice(-64);
    for (const more of ['x', `99+${hash}`]) {
      expect(validate(`${segmentWith()}+${more}`).findings).toEqual([
        { code: 'ibe-elements', severity: 'error', field: 'ibe', params: { count: 5 + more.split('+').length } },
      ]);
    }
  });

  it('never asks for the hash of anything but ASCII', () => {
    const result = validateMeldebestaetigung(
      { vorgangsnummer: VORGANGSNUMMER, ibe: segmentWith({ fields: { 1: 'Ä123456789' } }) },
      { sha256Hex: () => expect.fail('asked for a hash') },
    );

    expect(result.ok).toBe(false);
  });

  it('says nothing about test identifiers but that they are test data', () => {
    const ibe = segmentWith({ fields: { 3: '000000000', 4: '000000000', 9: 'G' } });

    expect(codesOf(validate(ibe).findings)).toEqual(['test-data']);
  });

  it('never quotes a Vorgangsnummer or more than an excerpt of what it was given', () => {
    const secret = 'not-a-number-but-secret';
    const { findings } = validate(`${'\u202Ex'.repeat(5000)}+${'y'.repeat(60_000)}`, secret);
    const text = JSON.stringify(findings) + findings.map((finding) => describeFinding(finding, 'de')).join('');

    expect(text).not.toContain(secret);
    expect(text).not.toContain('\u202E');
    expect(text.length).toBeLessThan(2000);
  });
});

describe('canonical form', () => {
  it('takes an upper-case Vorgangsnummer as the same number', () => {
    expect(validate(segmentWith(), VORGANGSNUMMER.toUpperCase())).toMatchObject({
      ok: true,
      vorgangsnummer: VORGANGSNUMMER,
      findings: [],
    });
  });

  it('keeps an upper-case hash in lower case', () => {
    const lowerCase = segmentWith();
    const upperCase = lowerCase.slice(0, -64) + lowerCase.slice(-64).toUpperCase();

    expect(validate(upperCase)).toMatchObject({ ok: true, ibe: lowerCase, value: { hash: lowerCase.slice(-64) } });
  });

  it.each([` ${segmentWith()}`, `${segmentWith()} `, `${segmentWith()}'`, `${segmentWith()}\n`])(
    'does not trim what it is given: %j',
    (ibe) => {
      expect(validate(ibe).ok).toBe(false);
    },
  );
});

describe('properties', () => {
  it('reads back every Meldebestätigung that can be written', () => {
    fc.assert(
      fc.property(fieldsArbitrary, vorgangsnummerArbitrary, (fields, vorgangsnummer) => {
        const ibe = formatIbeSegment(fields, nodeSha256);
        const result = validate(ibe, vorgangsnummer);

        expect(result).toMatchObject({ ok: true, vorgangsnummer, ibe, value: fields });
        expect(result.findings.every((finding) => finding.severity === 'warning')).toBe(true);
        expect(result.ok && result.value).toEqual(parseIbeSegment(ibe));
      }),
    );
  });

  it('finds an error for any change of one character of the hash string', () => {
    const position = fc.nat({ max: 55 });
    const character = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      fc.constantFrom(...Array.from("+&:'? 0")),
    );
    fc.assert(
      fc.property(fieldsArbitrary, position, character, (fields, position, character) => {
        const ibe = formatIbeSegment(fields, nodeSha256);
        const index = 'IBE+0123456789+'.length + position;
        fc.pre(ibe[index] !== character);
        const changed = ibe.slice(0, index) + character + ibe.slice(index + 1);

        const { ok, findings } = validate(changed);

        expect(ok).toBe(false);
        expect(findings.some((finding) => finding.severity === 'error')).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('accepts or explains any text, and accepts nothing that clients cannot parse', () => {
    const nearly = fc
      .tuple(fieldsArbitrary, fc.nat({ max: 140 }), fc.nat({ max: 4 }), fc.string({ maxLength: 4 }))
      .map(([fields, start, removed, inserted]) => {
        const ibe = formatIbeSegment(fields, nodeSha256);
        return ibe.slice(0, start) + inserted + ibe.slice(start + removed);
      });
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string({ unit: 'binary' })), fc.string({ unit: 'binary' }), (ibe, number) => {
        for (const result of [validate(ibe), validate(ibe, number)]) {
          expect(result.findings.some((finding) => finding.severity === 'error')).toBe(!result.ok);
          if (result.ok) expect(parseIbeSegment(ibe)).toEqual(result.value);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
