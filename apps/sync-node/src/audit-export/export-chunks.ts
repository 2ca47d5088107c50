import { auditExportPages, type BegunExport, type Database, type DetailedEntry } from '@meldesync/db';
import type { ErrorCode } from '@meldesync/protocol';
import type { ExportFormat } from './format-types.ts';

interface ExportOptions {
  readonly format: ExportFormat;
  /** What the reader is told of an error, which is logged there. */
  readonly onError: (error: unknown) => ErrorCode;
}

/** An export, page by page as it is read. Never throws: where something breaks its last line says so. */
export function exportChunks(
  database: Database,
  begun: BegunExport,
  options: ExportOptions,
): AsyncGenerator<Uint8Array> {
  return writePages(auditExportPages(database, begun), options);
}

/** Writes pages of entries in a format. */
export async function* writePages(
  pages: AsyncIterable<readonly DetailedEntry[]>,
  { format, onError }: ExportOptions,
): AsyncGenerator<Uint8Array> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  let count = 0;
  yield bytes(format.begin());
  try {
    for await (const page of pages) {
      const texts = page.map((entry, index) => format.entry(entry, count + index));
      count += page.length;
      yield bytes(texts.join(''));
    }
  } catch (error) {
    yield bytes(format.cutOff(count, onError(error)));
    return;
  }
  yield bytes(format.end(count));
}
