import * as fc from 'fast-check';
import type { CsvReaderOptions, CsvRow } from '../src/csv/index.ts';
import { readMeldebestaetigungCsv } from '../src/csv/index.ts';

/** Bytes of a text in UTF-8. */
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Bytes of a text in ISO 8859-1, whose characters are all below U+0100. */
export const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** The same bytes in pieces of the given sizes, the last size repeated. */
export function* inChunks(bytes: Uint8Array, sizes: readonly number[] = [65_536]): Generator<Uint8Array> {
  let start = 0;
  for (let index = 0; start < bytes.length; index++) {
    const end = start + Math.max(1, sizes[Math.min(index, sizes.length - 1)] ?? 1);
    yield bytes.subarray(start, end);
    start = end;
  }
}

/** All rows of a file. */
export async function readAll(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options?: CsvReaderOptions,
): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  for await (const batch of readMeldebestaetigungCsv(chunks, options)) rows.push(...batch);
  return rows;
}

/** All rows of a text in UTF-8. */
export const readText = (text: string, options?: CsvReaderOptions): Promise<CsvRow[]> => readAll([utf8(text)], options);

/** Sizes of the pieces a file arrives in. */
export const chunkSizes: fc.Arbitrary<number[]> = fc.array(fc.integer({ min: 1, max: 200 }), {
  minLength: 1,
  maxLength: 20,
});
