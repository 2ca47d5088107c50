import { csvFileError } from './file-error.ts';

/** Bytes other formats begin with: what people pick by mistake, an encrypted mail and the QR code among it. */
const SIGNATURES: readonly { readonly format: string; readonly bytes: readonly number[] }[] = [
  { format: 'ZIP, XLSX', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { format: 'XLS, DOC, MSG', bytes: [0xd0, 0xcf, 0x11, 0xe0] },
  { format: 'PDF', bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { format: 'GZIP', bytes: [0x1f, 0x8b] },
  { format: 'PNG', bytes: [0x89, 0x50, 0x4e, 0x47] },
  { format: 'JPEG', bytes: [0xff, 0xd8, 0xff] },
  { format: 'S/MIME', bytes: [0x30, 0x80] },
  { format: 'S/MIME', bytes: [0x30, 0x82] },
];

const UTF_16_MARKS: readonly (readonly number[])[] = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];

const LONGEST_SIGNATURE = 5;

const startsWith = (head: Uint8Array, bytes: readonly number[]): boolean =>
  bytes.every((byte, index) => head[index] === byte);

function rejectForeignFormat(head: Uint8Array): void {
  const signature = SIGNATURES.find(({ bytes }) => startsWith(head, bytes));
  if (signature) throw csvFileError('binary-file', { format: signature.format });
  if (UTF_16_MARKS.some((mark) => startsWith(head, mark))) throw csvFileError('utf-16-file', {});
}

/**
 * Passes the chunks of a file on after a look at its first bytes.
 *
 * @throws CsvFileError `binary-file` or `utf-16-file` if they are those of another format
 */
export async function* withoutForeignFormat(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const head = new Uint8Array(LONGEST_SIGNATURE);
  let seen = 0;
  for await (const chunk of chunks) {
    if (seen < head.length) {
      const taken = chunk.subarray(0, head.length - seen);
      head.set(taken, seen);
      seen += taken.length;
      rejectForeignFormat(head.subarray(0, seen));
    }
    yield chunk;
  }
}
