import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TYPED_FIELDS } from '../fields/field-names.ts';
import type { RecordPatch } from '../fields/record-content.ts';
import { RECORD_FIELDS } from '../fields/record-fields.ts';
import { normalisePatch, PATCH_LIMITS } from './patch.ts';
import { describePatchProblem, type PatchProblemCode } from './patch-problems.ts';

describe('normalisePatch', () => {
  it('trims, composes (NFC), ends lines with LF and makes empty texts null', () => {
    const patch = {
      caseId: '  F-1\u00A0',
      assignee: ' \t',
      note: '\r\nGespra\u0308ch\r\ngefu\u0308hrt\rund notiert  ',
      done: true,
    };

    expect(normalisePatch(patch)).toEqual({
      ok: true,
      patch: { caseId: 'F-1', assignee: null, note: 'Gespräch\ngeführt\nund notiert', done: true },
    });
  });

  it('leaves absent fields absent and keeps null and false', () => {
    expect(normalisePatch({})).toEqual({ ok: true, patch: {} });
    expect(normalisePatch({ caseId: null, done: false })).toEqual({ ok: true, patch: { caseId: null, done: false } });
  });

  it('measures the limits after normalisation', () => {
    const text = (length: number): string => ` ${'o\u0308'.repeat(length)} `;
    for (const [field, limit] of Object.entries(PATCH_LIMITS)) {
      expect(normalisePatch({ [field]: text(limit) }).ok).toBe(true);
      expect(normalisePatch({ [field]: text(limit + 1) })).toMatchObject({
        ok: false,
        problems: [{ field, params: { length: limit + 1, limit } }],
      });
    }
  });

  const PROBLEMS = TYPED_FIELDS.flatMap((field): [PatchProblemCode, RecordPatch][] => {
    const { name, limit } = RECORD_FIELDS[field];
    return [
      [`${name}-too-long`, { [field]: 'x'.repeat(limit + 1) }],
      [`${name}-characters`, { [field]: 'a\0b' }],
    ];
  });

  it('refuses in a name what cannot be seen, and a second line', () => {
    const codesOf = (patch: RecordPatch): readonly string[] => {
      const result = normalisePatch(patch);
      return result.ok ? [] : result.problems.map(({ code }) => code);
    };
    expect(codesOf({ caseId: 'F\u200B-1' })).toEqual(['case-id-characters']);
    expect(codesOf({ assignee: 'a\nb' })).toEqual(['assignee-characters']);
  });

  it.each(PROBLEMS)('refuses with %s', (code, patch) => {
    const result = normalisePatch(patch);

    expect(result).toMatchObject({ ok: false, problems: [{ code, field: Object.keys(patch)[0] }] });
    for (const problem of result.ok ? [] : result.problems) {
      expect(describePatchProblem(problem, 'de')).not.toMatch(/\{\w+\}/);
      expect(describePatchProblem(problem, 'en')).not.toMatch(/\{\w+\}/);
    }
  });

  it('names every field at fault', () => {
    const result = normalisePatch({ caseId: `\u0001${'x'.repeat(64)}`, note: '\uD800', done: true });

    expect(result.ok ? [] : result.problems.map((problem) => problem.code)).toEqual([
      'case-id-too-long',
      'case-id-characters',
      'note-characters',
    ]);
  });

  it('lets a note have lines, tabs and joined emoji', () => {
    const note = 'Zeile 1\n\tZeile 2 👩‍⚕️';

    expect(normalisePatch({ note })).toEqual({ ok: true, patch: { note } });
  });

  it('is idempotent', () => {
    const text = fc.option(fc.string({ unit: 'binary', maxLength: 80 }));
    fc.assert(
      fc.property(
        fc.record({ caseId: text, assignee: text, note: text, done: fc.boolean() }, { requiredKeys: [] }),
        (patch) => {
          const once = normalisePatch(patch);
          if (once.ok) expect(normalisePatch(once.patch)).toEqual(once);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
