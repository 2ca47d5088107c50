import { type ByteBlock, splitIntoBlocks } from './byte-blocks.ts';
import { hasManyCells, MAX_DELIMITERS, parseCells, parseRecord } from './cells.ts';
import { decodeLines, type Encoding, encodingOfHead, type SourceLine } from './decode.ts';
import { csvFileError } from './file-error.ts';
import { withoutForeignFormat } from './file-signature.ts';
import { type CsvHeader, isHeader, isRepeatedHeader, noHeaderError, readHeader } from './header.ts';
import { RecordAssembler, type SourceRecord } from './record-assembler.ts';
import type { CsvRow } from './row.ts';

/** Sizes of the reader's parts; the defaults suit every file. */
export interface CsvReaderOptions {
  /** Most rows in one batch. */
  readonly batchRows?: number;
  /** Longest line and longest record over several lines; what is longer is rejected. */
  readonly maxLineBytes?: number;
  /** How much is read and decoded at once; more than `maxLineBytes`. */
  readonly blockBytes?: number;
}

const BATCH_ROWS = 1000;
/** A batch is parsed at once: of long lines it holds fewer. */
const BATCH_CHARACTERS = 1024 * 1024;
const MAX_LINE_BYTES = 64 * 1024;
const BLOCK_BYTES = 1024 * 1024;

/** Both cells are one line long; a line break in them is a quote gone wrong. */
function isRowOverSeveralLines(text: string, header: CsvHeader): boolean {
  if (text.split(header.delimiter).length < header.columnCount || hasManyCells(text, header.delimiter)) return false;
  const parsed = parseRecord(text, header.delimiter);
  const cells = parsed && withoutExtraBlanks(parsed, header.columnCount);
  if (cells?.length !== header.columnCount) return false;
  return [cells[header.vorgangsnummer], cells[header.meldebestaetigung]].every((cell) => !cell?.includes('\n'));
}

/** The header out of the first record that is not blank. */
function headerFrom(record: SourceRecord): CsvHeader {
  if ('text' in record) return readHeader(record.text);
  if (record.code === 'nul-character') throw csvFileError('binary-file', { format: 'NUL' });
  throw noHeaderError();
}

/** Spreadsheets end rows with empty cells for columns without a name; those are no column too many. */
function withoutExtraBlanks(cells: string[], columnCount: number): string[] {
  const extra = cells.slice(columnCount);
  return extra.length > 0 && extra.every((cell) => cell === '') ? cells.slice(0, columnCount) : cells;
}

function toRow(line: number, parsed: string[] | null, header: CsvHeader): CsvRow | null {
  if (parsed === null) return { kind: 'rejected', line, code: 'misplaced-quote', params: {} };
  const cells = withoutExtraBlanks(parsed, header.columnCount);
  if (cells.every((cell) => cell === '')) return null;
  if (cells.length !== header.columnCount) {
    const params = { actual: cells.length, expected: header.columnCount };
    return { kind: 'rejected', line, code: 'column-count', params };
  }
  const caseId = header.caseId === null ? '' : (cells[header.caseId] ?? '').trim();
  return {
    kind: 'row',
    line,
    vorgangsnummer: (cells[header.vorgangsnummer] ?? '').trim().toLowerCase(),
    ibe: (cells[header.meldebestaetigung] ?? '').trim(),
    caseId: caseId === '' ? null : caseId,
  };
}

/** The rows of records in their order, without blank ones and repeated headers. */
function readRows(records: readonly SourceRecord[], header: CsvHeader): CsvRow[] {
  const isReadable = (record: SourceRecord) => 'text' in record && !hasManyCells(record.text, header.delimiter);
  const texts = records.flatMap((record) => ('text' in record && isReadable(record) ? [record.text] : []));
  const cells = parseCells(texts, header.delimiter).values();
  return records.flatMap((record): readonly CsvRow[] => {
    if (!('text' in record)) return [{ kind: 'rejected', ...record }];
    if (!isReadable(record)) {
      return [{ kind: 'rejected', line: record.line, code: 'too-many-cells', params: { limit: MAX_DELIMITERS } }];
    }
    const parsed = cells.next().value ?? null;
    const row = parsed !== null && isRepeatedHeader(parsed, header) ? null : toRow(record.line, parsed, header);
    return row === null ? [] : [row];
  });
}

/** The physical lines of a file, a block at a time. */
async function* readLines(
  blocks: AsyncIterable<ByteBlock>,
  maxLineBytes: number,
): AsyncGenerator<{ readonly lines: SourceLine[]; readonly last: boolean }> {
  let encoding: Encoding | null = null;
  for await (const { bytes, overlongLines, last } of blocks) {
    const decoded = decodeLines(bytes, encoding ?? encodingOfHead(bytes), maxLineBytes);
    encoding = decoded.encoding;
    const overlong = Array.from<SourceLine>({ length: overlongLines }).fill(null);
    yield { lines: overlongLines === 0 ? decoded.lines : [...overlong, ...decoded.lines], last };
  }
}

/**
 * Reads a CSV file of Meldebestätigungen as a stream, in constant memory, and yields its rows in batches (R3.5).
 *
 * Takes every form such files come in: delimiter `,` or `;`, lines ended by LF, CRLF or CR, UTF-8 with or without a
 * byte order mark, ISO 8859-1/-15, quoted cells (also over several lines), columns in any order and further ones, of
 * which one with the case id is recognised. Blank lines and headers repeated by joining files are left out. A row that
 * cannot be read becomes a rejected one and never takes another with it. The rows are those of the bytes, however they
 * were chunked.
 *
 * @throws CsvFileError before the first batch if the file as a whole is none of these; errors of `chunks` pass through
 */
export async function* readMeldebestaetigungCsv(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options: CsvReaderOptions = {},
): AsyncGenerator<CsvRow[]> {
  const { batchRows = BATCH_ROWS, maxLineBytes = MAX_LINE_BYTES, blockBytes = BLOCK_BYTES } = options;
  if (blockBytes < maxLineBytes + 2) throw new RangeError('blockBytes must hold a line of maxLineBytes and its end');

  let header: CsvHeader | null = null;
  const assembler = new RecordAssembler({
    maxRecordBytes: maxLineBytes,
    isRecord: (text) => (header === null ? isHeader(text) : isRowOverSeveralLines(text, header)),
  });

  let records: SourceRecord[] = [];
  let characters = 0;
  const blocks = splitIntoBlocks(withoutForeignFormat(chunks), blockBytes);
  for await (const { lines, last } of readLines(blocks, maxLineBytes)) {
    for (const record of assembler.push(lines, last)) {
      if (header === null) {
        header = headerFrom(record);
        continue;
      }
      records.push(record);
      characters += 'text' in record ? record.text.length : 0;
      if (records.length < batchRows && characters < BATCH_CHARACTERS) continue;
      const rows = readRows(records, header);
      records = [];
      characters = 0;
      if (rows.length > 0) yield rows;
    }
  }
  if (header === null) throw csvFileError('empty-file', {});
  const rows = readRows(records, header);
  if (rows.length > 0) yield rows;
}
