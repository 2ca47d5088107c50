import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TextLine, textLines } from './text-lines.ts';

async function linesOf(bytes: Buffer, size: number): Promise<TextLine[]> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const lines: TextLine[] = [];
  for await (const line of textLines(chunks())) lines.push(line);
  return lines;
}

describe('lines of a file', () => {
  it('end with a line feed alone, wherever the file is divided', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'ä', '😀', '\r', '\u2028', '\u2029', '\u0085', '\uFEFF', ' '),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(text), text, fc.integer({ min: 1, max: 9 }), async (whole, rest, size) => {
        const bytes = Buffer.from(whole.map((line) => `${line}\n`).join('') + rest, 'utf8');
        const expected = whole.map((line) => ({ text: line, isWhole: true }));
        const last = rest === '' ? [] : [{ text: rest, isWhole: false }];
        expect(await linesOf(bytes, size)).toEqual([...expected, ...last]);
      }),
    );
  });
});
