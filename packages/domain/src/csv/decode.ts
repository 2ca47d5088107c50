/** What is known about a file's encoding: nothing while all of it was ASCII. */
export type Encoding = 'undecided' | 'utf-8' | 'iso-8859-15';

/** A physical line without its line end; null stands for one longer than the limit. */
export type SourceLine = string | null;

const UTF_8_BYTES_PER_UNIT = 3;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const iso8859 = new TextDecoder('iso-8859-15');
const encoder = new TextEncoder();

function tryUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function splitText(text: string): string[] {
  const lines = text.includes('\r') ? text.split(/\r\n|\r|\n/) : text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function splitBytes(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte !== 0x0a && byte !== 0x0d) continue;
    lines.push(bytes.subarray(start, index));
    if (byte === 0x0d && bytes[index + 1] === 0x0a) index++;
    start = index + 1;
  }
  if (start < bytes.length) lines.push(bytes.subarray(start));
  return lines;
}

function isWithin(line: string, bytesPerUnit: number, maxLineBytes: number): boolean {
  if (line.length * bytesPerUnit <= maxLineBytes) return true;
  if (line.length > maxLineBytes || bytesPerUnit === 1) return false;
  return encoder.encode(line).length <= maxLineBytes;
}

/** The encoding a file starts with: a byte order mark settles it. */
export function encodingOfHead(head: Uint8Array): Encoding {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 'utf-8' : 'undecided';
}

/**
 * Decodes a block of whole lines and splits it.
 *
 * The first block with a byte outside ASCII decides for the file: valid UTF-8 makes it UTF-8, anything else
 * ISO 8859-15 (which differs from ISO 8859-1 in eight signs no Meldebestätigung has). For a file of one block, which
 * nearly all are, that is a decision over the whole file; for a larger one it is the most that can be known without
 * holding rows back. If a later block of a UTF-8 file is not valid, only the lines at fault are read as ISO 8859-15:
 * the Vorgangsnummer and the segment are ASCII, so no row is lost for an umlaut in another column.
 */
export function decodeLines(
  bytes: Uint8Array,
  encoding: Encoding,
  maxLineBytes: number,
): { readonly lines: SourceLine[]; readonly encoding: Encoding } {
  const limit = (lines: string[], bytesPerUnit: number): SourceLine[] =>
    lines.map((line) => (isWithin(line, bytesPerUnit, maxLineBytes) ? line : null));

  if (encoding === 'iso-8859-15') return { lines: limit(splitText(iso8859.decode(bytes)), 1), encoding };
  const text = tryUtf8(bytes);
  if (text !== null) {
    const isAscii = text.length === bytes.length;
    const decided = isAscii ? encoding : 'utf-8';
    return { lines: limit(splitText(text), isAscii ? 1 : UTF_8_BYTES_PER_UNIT), encoding: decided };
  }
  if (encoding === 'undecided') return decodeLines(bytes, 'iso-8859-15', maxLineBytes);
  const lines = splitBytes(bytes).map((line) =>
    line.length > maxLineBytes ? null : (tryUtf8(line) ?? iso8859.decode(line)),
  );
  return { lines, encoding };
}
