/** Whole lines of a file. */
export interface ByteBlock {
  /** Lines longer than a block that were left out before these bytes. */
  readonly overlongLines: number;
  /** Whole lines with their line ends; valid until the next block is asked for. */
  readonly bytes: Uint8Array;
  /** No block follows; the bytes may lack the last line end. */
  readonly last: boolean;
}

const LF = 0x0a;
const CR = 0x0d;

/** Index after the last line end; a CR in the last place does not count, an LF may follow it. */
function endOfWholeLines(bytes: Uint8Array): number {
  for (let index = bytes.length - 1; index >= 0; index--) {
    if (bytes[index] === LF || (bytes[index] === CR && index < bytes.length - 1)) return index + 1;
  }
  return 0;
}

/** Index after the first line end, null without one; a CR in the last place is undecided, like above. */
function endOfFirstLine(bytes: Uint8Array): number | null {
  const index = bytes.findIndex((byte) => byte === LF || byte === CR);
  if (index === -1 || index === bytes.length - 1) return bytes[index] === LF ? index + 1 : null;
  return bytes[index] === CR && bytes[index + 1] === LF ? index + 2 : index + 1;
}

/**
 * Cuts a stream of bytes into blocks of whole lines, up to `blockBytes` each, in constant memory. Where the cuts are
 * depends on the bytes alone, not on how they were chunked. Ends with a block that says it is the last.
 */
export async function* splitIntoBlocks(
  chunks: AsyncIterable<Uint8Array>,
  blockBytes: number,
): AsyncGenerator<ByteBlock> {
  const buffer = new Uint8Array(blockBytes);
  let filled = 0;
  let overlongLines = 0;
  let insideOverlong = false;

  const drop = (count: number): void => {
    buffer.copyWithin(0, count, filled);
    filled -= count;
  };
  /** Drops what belongs to an overlong line; a CR at the end stays, to be seen together with what follows it. */
  const skipOverlong = (): void => {
    const end = endOfFirstLine(buffer.subarray(0, filled));
    if (end !== null) {
      insideOverlong = false;
      drop(end);
    } else {
      drop(buffer[filled - 1] === CR ? filled - 1 : filled);
    }
  };

  for await (const chunk of chunks) {
    let offset = 0;
    while (offset < chunk.length) {
      const taken = chunk.subarray(offset, offset + buffer.length - filled);
      buffer.set(taken, filled);
      filled += taken.length;
      offset += taken.length;
      if (insideOverlong) skipOverlong();
      if (filled < buffer.length) continue;

      const end = endOfWholeLines(buffer);
      if (end === 0) {
        overlongLines++;
        insideOverlong = true;
        skipOverlong();
      } else {
        yield { overlongLines, bytes: buffer.subarray(0, end), last: false };
        overlongLines = 0;
        drop(end);
      }
    }
  }
  const rest = buffer.subarray(0, insideOverlong ? 0 : filled);
  yield { overlongLines, bytes: rest, last: true };
}
