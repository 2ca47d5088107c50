import { describe, expect, it } from 'vitest';
import { ERROR_CATALOGUE } from './catalogue.ts';
import { toProblem } from './problem.ts';

describe('error catalogue', () => {
  it.each(Object.entries(ERROR_CATALOGUE))('%s has a sentence in both languages and a status', (_code, entry) => {
    expect(entry.de).toMatch(/^\p{Lu}.*\.$/u);
    expect(entry.en).toMatch(/^\p{Lu}.*\.$/u);
    expect(entry.de).not.toBe(entry.en);
    expect(entry.status).toBeGreaterThanOrEqual(400);
    expect(entry.status).toBeLessThan(600);
  });

  it('becomes problem details in the language asked for', () => {
    expect(toProblem('version-conflict', 'en', { detail: 'x' })).toEqual({
      type: 'urn:meldesync:error:version-conflict',
      title: ERROR_CATALOGUE['version-conflict'].en,
      status: 412,
      code: 'version-conflict',
      detail: 'x',
    });
  });
});
