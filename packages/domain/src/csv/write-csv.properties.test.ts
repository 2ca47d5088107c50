import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvLine } from './write-csv.ts';

const FORMULA_SIGNS = ['=', '+', '-', '@', '\uFF1D', '\uFF0B', '\uFF0D', '\uFF20'];
/** What stands before a sign and is not seen, or is left out by who opens the file. */
const UNSEEN = [' ', '\t', '\r', '\n', '\u00A0', '\u200B', '\uFEFF', '\0', '\u202E', '\u3000'];

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc
    .array(fc.constantFrom(...FORMULA_SIGNS, ...UNSEEN, '"', ';', ',', "'", 'a', '1', '!'), { maxLength: 8 })
    .map((parts) => parts.join('')),
);

/** Throws where a spreadsheet would run a cell. */
function expectHarmless(cell: string): void {
  expect(cell).not.toMatch(/^[\t\r\n]/);
  const first = cell.replace(/^[\s\p{Cc}\p{Cf}]+/u, '').slice(0, 1);
  expect(FORMULA_SIGNS).not.toContain(first);
}

it('a line comes back as it was written, but for apostrophes, and no cell of it is a formula', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 6 }), (cells) => {
      const line = csvLine(cells);
      expect(line.endsWith('\r\n')).toBe(true);
      const [read = [], ...more] = parse(line, { delimiter: ';', record_delimiter: '\r\n' });
      expect(more).toEqual([]);
      expect(read).toHaveLength(cells.length);
      for (const [index, cell] of read.entries()) {
        expect([cells[index], `'${cells[index]}`]).toContain(cell);
        expectHarmless(cell);
      }
    }),
    { numRuns: 2_000 },
  );
});

it.each(['=1+1', '+49 30 1', '-2', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\u200B=1', '＝1'])('%j is text', (cell) => {
  expect(csvLine([cell])).toMatch(/^"?'/);
});

it.each(['F-10234', '2026-11-30', 'a=b', '12', '', "it's"])('%j stays as it is', (cell) => {
  expect(csvLine([cell])).toBe(`${cell}\r\n`);
});
