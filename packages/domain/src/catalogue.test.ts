import { describe, expect, it } from 'vitest';
import { PATCH_PROBLEM_CATALOGUE } from './case/patch-problems.ts';
import { fillSentence, type Sentence } from './catalogue.ts';
import { CSV_FILE_ERROR_CATALOGUE } from './csv/file-error.ts';
import { describeImportFinding, IMPORT_CATALOGUE } from './csv/import-finding.ts';
import { CSV_REJECTION_CATALOGUE } from './csv/row.ts';
import { FINDING_CATALOGUE } from './meldebestaetigung/finding-catalogue.ts';

const CATALOGUES: Readonly<Record<string, Readonly<Record<string, Sentence>>>> = {
  findings: FINDING_CATALOGUE,
  rejections: CSV_REJECTION_CATALOGUE,
  'file errors': CSV_FILE_ERROR_CATALOGUE,
  imports: IMPORT_CATALOGUE,
  'patch problems': PATCH_PROBLEM_CATALOGUE,
};

const placeholders = (template: string): string[] => [...new Set(template.match(/\{\w+\}/g))].sort();

describe.each(Object.entries(CATALOGUES))('catalogue of %s', (_name, catalogue) => {
  it.each(Object.entries(catalogue))('%s says the same in both languages', (code, sentence) => {
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(placeholders(sentence.en)).toEqual(placeholders(sentence.de));
    for (const text of [sentence.de, sentence.en]) expect(text).toMatch(/^[A-ZÄÖÜ].+\.$/);
    expect(sentence.de).not.toBe(sentence.en);
  });
});

describe('fillSentence', () => {
  const sentence: Sentence = { de: '{a} und {b} und {a}', en: '{b} and {a}' };

  it('puts every parameter where the language has it', () => {
    expect(fillSentence(sentence, 'de', { a: 1, b: 'x' })).toBe('1 und x und 1');
    expect(fillSentence(sentence, 'en', { a: 1, b: 'x' })).toBe('x and 1');
  });

  it('takes parameters literally and leaves a placeholder without one', () => {
    expect(fillSentence(sentence, 'en', { b: '{a}$&' })).toBe('{a}$& and {a}');
  });
});

describe('describeImportFinding', () => {
  it('can tell the codes of all catalogues of an import apart', () => {
    const codes = [FINDING_CATALOGUE, CSV_REJECTION_CATALOGUE, CSV_FILE_ERROR_CATALOGUE, IMPORT_CATALOGUE].flatMap(
      (catalogue) => Object.keys(catalogue),
    );

    expect(new Set(codes).size).toBe(codes.length);
  });

  it('has the sentence of each, and the code itself for one it does not know', () => {
    expect(describeImportFinding({ code: 'empty-file', params: {} }, 'de')).toBe('Die Datei ist leer.');
    expect(describeImportFinding({ code: 'zaehler-zero', params: {} }, 'en')).toContain('001');
    expect(describeImportFinding({ code: 'contradictory-rows', params: { lines: '2, 4' } }, 'de')).toContain('2, 4');
    expect(describeImportFinding({ code: 'of-a-newer-release', params: {} }, 'de')).toBe('of-a-newer-release');
    expect(describeImportFinding({ code: 'constructor', params: {} }, 'de')).toBe('constructor');
  });
});
