import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkSizes, inChunks, utf8 } from '../../test/csv-text.ts';
import { splitIntoBlocks } from './byte-blocks.ts';

const BLOCK_BYTES = 8;

async function* chunksOf(text: string, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  yield* inChunks(utf8(text), sizes);
}

const linesOf = (text: string): string[] => text.split(/\r\n|\r|\n/);

/** All lines of a text after its way through blocks, `…` for one that was left out. */
async function linesThroughBlocks(text: string, sizes: readonly number[]): Promise<string[]> {
  const lines: string[] = [];
  let isLast = false;
  for await (const block of splitIntoBlocks(chunksOf(text, sizes), BLOCK_BYTES)) {
    expect(isLast).toBe(false);
    isLast = block.last;
    lines.push(...Array.from({ length: block.overlongLines }, () => '…'));
    const blockText = new TextDecoder().decode(block.bytes);
    const blockLines = linesOf(blockText);
    const rest = blockLines.pop() ?? '';
    lines.push(...blockLines, ...(block.last && rest !== '' ? [rest] : []));
    if (!block.last) expect(rest).toBe('');
  }
  expect(isLast).toBe(true);
  return lines;
}

describe('splitIntoBlocks', () => {
  it('keeps every line whole, leaves out those longer than a block, and counts CRLF once wherever it is cut', async () => {
    const text = fc.array(fc.constantFrom('a', 'b', '\n', '\r', '\r\n', 'xxxxxxxx', 'cccc'), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(text, chunkSizes, async (parts, sizes) => {
        const text = parts.join('');
        const expected = linesOf(text);
        if (expected.at(-1) === '') expected.pop();
        const lines = await linesThroughBlocks(text, sizes);

        expect(lines).toHaveLength(expected.length);
        for (const [index, line] of lines.entries()) {
          if (line === '…') expect(expected[index]?.length).toBeGreaterThan(BLOCK_BYTES - 2);
          else expect(line).toBe(expected[index]);
        }
        expect(await linesThroughBlocks(text, [1])).toEqual(lines);
      }),
      { numRuns: 2000 },
    );
  });

  it('ends with a last block, even of nothing', async () => {
    expect(await linesThroughBlocks('', [1])).toEqual([]);
    expect(await linesThroughBlocks('xxxxxxxxxxxxxxxx', [3])).toEqual(['…']);
    expect(await linesThroughBlocks('xxxxxxxxxxxxxxxx\r', [3])).toEqual(['…']);
  });
});
