import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsArbitrary, vorgangsnummerArbitrary } from '../../test/arbitraries.ts';
import { chunkSizes, inChunks, latin1, readAll, utf8 } from '../../test/csv-text.ts';
import { segmentWith, vorgangsnummerOf } from '../../test/samples.ts';
import { nodeSha256 } from '../../test/sha256.ts';
import { formatIbeSegment } from '../meldebestaetigung/segment.ts';
import { CsvFileError } from './file-error.ts';
import type { CsvRow } from './row.ts';

const segment = fieldsArbitrary.map((fields) => formatIbeSegment(fields, nodeSha256));
const latinText = fc.string({ unit: fc.constantFrom(...Array.from('aZ0 äöüßé,;"\'-/\n\r')), maxLength: 12 });
const caseId = fc.string({ unit: fc.constantFrom(...Array.from('AFabü019-/ ,;"')), maxLength: 10 });

const table = fc.array(fc.record({ vorgangsnummer: vorgangsnummerArbitrary, ibe: segment, caseId, note: latinText }), {
  maxLength: 12,
});

const form = fc.record({
  delimiter: fc.constantFrom(',', ';'),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  encoding: fc.constantFrom('utf-8', 'utf-8-bom', 'iso-8859-1'),
  columns: fc.shuffledSubarray(['vorgangsnummer', 'ibe', 'caseId', 'note'] as const, { minLength: 4 }),
  umlaut: fc.boolean(),
  quoteAll: fc.boolean(),
  upperCase: fc.boolean(),
  padded: fc.boolean(),
  lastLineEnd: fc.boolean(),
});

type Table = typeof table extends fc.Arbitrary<infer Rows> ? Rows : never;
type Form = typeof form extends fc.Arbitrary<infer Value> ? Value : never;

/** Writes a table in one of the forms such files come in. */
function writeCsv(rows: Table, form: Form): Uint8Array {
  const names = {
    vorgangsnummer: form.upperCase ? 'VORGANGSNUMMER' : 'Vorgangsnummer',
    ibe: form.umlaut ? 'Meldebestätigung' : 'Meldebestaetigung',
    caseId: 'Fallnummer',
    note: 'Notiz',
  };
  const cell = (text: string): string => {
    const mustQuote = form.quoteAll || /[",;\r\n]|^\s|\s$/.test(text);
    const written = mustQuote ? `"${text.replaceAll('"', '""')}"` : text;
    return form.padded ? ` ${written} ` : written;
  };
  const line = (cells: typeof names): string =>
    form.columns.map((column) => cell(cells[column])).join(form.delimiter) + form.lineEnd;

  const body = rows.map((row) =>
    line({ ...row, vorgangsnummer: form.upperCase ? row.vorgangsnummer.toUpperCase() : row.vorgangsnummer }),
  );
  const text = line(names) + body.join('');
  const whole = form.lastLineEnd ? text : text.slice(0, -form.lineEnd.length);
  if (form.encoding === 'iso-8859-1') return latin1(whole);
  return utf8(form.encoding === 'utf-8-bom' ? `\uFEFF${whole}` : whole);
}

const SMALL_LIMITS = { batchRows: 3, maxLineBytes: 400, blockBytes: 500 };

describe('readMeldebestaetigungCsv', () => {
  it('reads the same rows from every form of the file', async () => {
    await fc.assert(
      fc.asyncProperty(table, form, chunkSizes, async (rows, form, sizes) => {
        const expected = rows.map(({ vorgangsnummer, ibe, caseId }) => ({
          vorgangsnummer,
          ibe,
          caseId: caseId.trim() === '' ? null : caseId.trim(),
        }));
        const bytes = writeCsv(rows, form);
        const read = await readAll(inChunks(bytes, sizes));

        expect(
          read.map(
            (row) => row.kind === 'row' && { vorgangsnummer: row.vorgangsnummer, ibe: row.ibe, caseId: row.caseId },
          ),
        ).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  const pieces = fc.constantFrom(
    `${vorgangsnummerOf(1)},${segmentWith()}`,
    `${vorgangsnummerOf(2)},${segmentWith()},"x"`,
    'Vorgangsnummer,Meldebestaetigung',
    '\n',
    '\r',
    '\r\n',
    ',',
    ';',
    '"',
    '""',
    ' ',
    'ü',
    '\0',
    '\uFEFF',
    'IBE+',
    'x'.repeat(300),
    'x'.repeat(1200),
  );
  const bytes = fc.oneof(
    fc.array(pieces, { maxLength: 40 }).map((texts) => utf8(texts.join(''))),
    fc.array(pieces, { maxLength: 40 }).map((texts) => utf8(`Vorgangsnummer,Meldebestaetigung,x\n${texts.join('')}`)),
    fc.array(pieces, { maxLength: 40 }).map((texts) => latin1(`Vorgangsnummer;Meldebestaetigung\r${texts.join('')}`)),
    fc.uint8Array({ maxLength: 2000 }),
  );

  async function outcomeOf(bytes: Uint8Array, sizes: readonly number[]): Promise<CsvRow[] | string> {
    try {
      return await readAll(inChunks(bytes, sizes), SMALL_LIMITS);
    } catch (error) {
      if (error instanceof CsvFileError) return error.code;
      throw error;
    }
  }

  it('fails for no bytes with anything but a CsvFileError, and reads the same however they are chunked', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, chunkSizes, async (bytes, sizes) => {
        const whole = await outcomeOf(bytes, [bytes.length]);

        expect(await outcomeOf(bytes, sizes)).toEqual(whole);
        expect(await outcomeOf(bytes, [1])).toEqual(whole);
        if (typeof whole === 'string') return;
        const lines = whole.map((row) => row.line);
        expect(lines).toEqual(lines.toSorted((a, b) => a - b));
        expect(new Set(lines).size).toBe(lines.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads all good rows around any bad line', async () => {
    const badLine = fc
      .array(fc.constantFrom(...Array.from('ab",; \0\uFEFFü')), { maxLength: 30 })
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(badLine, { maxLength: 6 }), async (badLines) => {
        const text = ['Vorgangsnummer,Meldebestaetigung'];
        const goodLines: number[] = [];
        for (const line of [...badLines, '']) {
          text.push(`${vorgangsnummerOf(text.length)},${segmentWith()}`);
          goodLines.push(text.length);
          text.push(line);
        }
        const rows = await readAll([utf8(text.join('\n'))]);
        const found = rows.filter((row) => row.kind === 'row' && row.ibe === segmentWith()).map((row) => row.line);

        expect(found).toEqual(goodLines);
      }),
      { numRuns: 500 },
    );
  });
});
