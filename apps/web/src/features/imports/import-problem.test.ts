import { describe, expect, it } from 'vitest';
import { describeImportError } from './import-problem.ts';

describe('describeImportError', () => {
  it('has words for what is wrong with the file', () => {
    expect(describeImportError({ code: 'empty-file', params: {} }, 'de')).toBe('Die Datei ist leer.');
    const column = { code: 'missing-column', params: { column: 'Vorgangsnummer', expected: 'Vorgangsnummer,…' } };
    expect(describeImportError(column, 'en')).toContain('“Vorgangsnummer”');
  });

  it('has words for an error of the service, and for one it does not know', () => {
    expect(describeImportError({ code: 'unavailable', params: {} }, 'en')).toContain('not available');
    expect(describeImportError({ code: 'from-the-future', params: {} }, 'en')).toContain('error');
  });
});
