import { describe, expect, it } from 'vitest';
import { inChunks, latin1, readAll, utf8 } from '../../test/csv-text.ts';
import { segmentWith, vorgangsnummerOf } from '../../test/samples.ts';
import { CsvFileError, type CsvFileErrorCode } from './file-error.ts';

const ROW = `${vorgangsnummerOf(1)},${segmentWith()}`;
const EXPECTED = 'Vorgangsnummer,Meldebestaetigung';
const bytesOf = (...bytes: number[]): Uint8Array => Uint8Array.from([...bytes, ...utf8(`\n${EXPECTED}\n`)]);
const utf16 = new Uint8Array(Buffer.from(`\uFEFF${EXPECTED}\n${ROW}`, 'utf16le'));

async function errorOf(bytes: Uint8Array, chunkBytes: number): Promise<CsvFileError> {
  const error: unknown = await readAll(inChunks(bytes, [chunkBytes])).catch((error: unknown) => error);
  if (error instanceof CsvFileError) return error;
  throw new Error('expected a CsvFileError', { cause: error });
}

const CASES: readonly (readonly [string, CsvFileErrorCode, Uint8Array, string])[] = [
  ['nothing', 'empty-file', new Uint8Array(), 'leer'],
  ['blank lines', 'empty-file', utf8('\uFEFF\r\n \n'), 'leer'],
  ['ZIP', 'binary-file', bytesOf(0x50, 0x4b, 3, 4), 'XLSX'],
  ['XLS', 'binary-file', bytesOf(0xd0, 0xcf, 0x11, 0xe0), 'XLS'],
  ['PDF', 'binary-file', utf8('%PDF-1.7\n'), 'PDF'],
  ['GZIP', 'binary-file', bytesOf(0x1f, 0x8b), 'GZIP'],
  ['PNG', 'binary-file', bytesOf(0x89, 0x50, 0x4e, 0x47), 'PNG'],
  ['JPEG', 'binary-file', bytesOf(0xff, 0xd8, 0xff), 'JPEG'],
  ['an encrypted mail', 'binary-file', bytesOf(0x30, 0x82), 'S/MIME'],
  ['NUL bytes', 'binary-file', bytesOf(1, 0, 2), 'NUL'],
  ['UTF-16', 'utf-16-file', utf16, 'UTF-16'],
  ['UTF-16 without a mark', 'binary-file', utf16.subarray(2), 'NUL'],
  ['a row instead of the header', 'no-header', utf8(`${ROW}\n`), EXPECTED],
  ['another table', 'no-header', utf8('a,b\n1,2\n'), EXPECTED],
  ['a header with an open quote', 'no-header', utf8(`"${EXPECTED}\n${ROW}\n`), EXPECTED],
  ['a first line without end', 'no-header', utf8('x'.repeat(2_000_000)), EXPECTED],
  ['a table of tabs', 'no-header', utf8(EXPECTED.replace(',', '\t')), EXPECTED],
  ['one column', 'missing-column', utf8(`Vorgangsnummer\n${vorgangsnummerOf(1)}`), '„Meldebestaetigung“'],
  ['the other column', 'missing-column', latin1('Meldebest\u00E4tigung;Fall\n'), '„Vorgangsnummer“'],
  ['more columns than are read', 'too-many-columns', utf8(`${EXPECTED}${',x'.repeat(1_000)}\n`), '1000'],
  ['a column twice', 'duplicate-column', utf8(`${EXPECTED},VORGANGSNUMMER\n`), '„Vorgangsnummer“'],
];

describe('CsvFileError', () => {
  it.each(CASES)('%s: %s', async (_name, code, bytes, says) => {
    for (const chunkBytes of [1000, 1]) {
      if (chunkBytes === 1 && bytes.length > 10_000) continue;
      const error = await errorOf(bytes, chunkBytes);

      expect(error.code).toBe(code);
      expect(error.describe('de')).toContain(says);
      expect(error.message).toBe(error.describe('en'));
      expect(error.describe('de') + error.describe('en')).not.toMatch(/\{\w+\}/);
    }
  });

  it('never quotes the file: the first line may be a Vorgangsnummer', async () => {
    const error = await errorOf(utf8(`${ROW}\n`), 1000);

    expect(JSON.stringify(error) + error.message + error.describe('de')).not.toContain(vorgangsnummerOf(1));
  });

  it('reads a header over several lines as what it is', async () => {
    expect(await readAll([utf8(`"Notiz\nzum Fall",${EXPECTED}\nx,${ROW}\n`)])).toMatchObject([
      { kind: 'row', line: 3 },
    ]);
  });
});
