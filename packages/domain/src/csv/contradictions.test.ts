import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentWith, vorgangsnummerOf } from '../../test/samples.ts';
import { findContradictions, type NumberedSegment } from './contradictions.ts';

const A = segmentWith();
const B = segmentWith({ fields: { 1: 'B123456789' } });

const row = (line: number, number: number, ibe: string): NumberedSegment => ({
  line,
  vorgangsnummer: vorgangsnummerOf(number),
  ibe,
});

describe('findContradictions', () => {
  it('names all lines of numbers with different content, none of repeated ones', async () => {
    const rows = [row(2, 1, A), row(3, 2, A), row(4, 1, A), row(5, 2, A), row(7, 1, B), row(8, 3, B), row(9, 1, A)];

    expect(await findContradictions(rows)).toEqual(new Map([[vorgangsnummerOf(1), [2, 4, 7, 9]]]));
  });

  it('makes no difference between upper and lower case of number and hash', async () => {
    const upperCase = {
      line: 3,
      vorgangsnummer: vorgangsnummerOf(1).toUpperCase(),
      ibe: A.slice(0, -64) + A.slice(-64).toUpperCase(),
    };

    expect(await findContradictions([row(2, 1, A), upperCase])).toEqual(new Map());
    expect(await findContradictions([row(2, 1, B), upperCase])).toEqual(new Map([[vorgangsnummerOf(1), [2, 3]]]));
  });

  it('leaves rows without a Vorgangsnummer to validation', async () => {
    const rows = ['', 'x', `${vorgangsnummerOf(1)}0`].flatMap((vorgangsnummer) => [
      { line: 2, vorgangsnummer, ibe: A },
      { line: 3, vorgangsnummer, ibe: B },
    ]);

    expect(await findContradictions(rows)).toEqual(new Map());
  });

  it('finds what a simple comparison finds, in a stream', async () => {
    const rows = fc.array(fc.tuple(fc.nat({ max: 6 }), fc.constantFrom('', 'x', A, B)), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(rows, async (content) => {
        const numbered = content.map(([number, ibe], index) => row(index + 2, number, ibe));
        async function* stream(): AsyncGenerator<NumberedSegment> {
          yield* numbered;
        }
        const contentsOf = (number: string): Set<string> =>
          new Set(numbered.filter((row) => row.vorgangsnummer === number).map((row) => row.ibe));
        const linesOf = (number: string): number[] =>
          numbered.filter((row) => row.vorgangsnummer === number).map((row) => row.line);
        const expected = numbered
          .map((row) => row.vorgangsnummer)
          .filter((number) => contentsOf(number).size > 1)
          .map((number) => [number, linesOf(number)] as const);

        expect(await findContradictions(stream())).toEqual(new Map(expected));
      }),
    );
  });
});
