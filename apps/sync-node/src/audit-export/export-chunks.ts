import { setTimeout as sleep, setImmediate as turnOfOthers } from 'node:timers/promises';
import { auditExportPages, type BegunExport, type Database, type DetailedEntry } from '@meldesync/db';
import type { ErrorCode } from '@meldesync/protocol';
import type { ExportFormat } from './format-types.ts';

interface ExportOptions {
  readonly format: ExportFormat;
  /** What the reader is told of an error, which is logged there. */
  readonly onError: (error: unknown) => ErrorCode;
}

/** So many entries are put into words before others have their turn. */
const AT_ONCE = 50;
/** After each page an export waits as long as that took: it takes half of a processor of Postgres at most. */
const PAUSE_FACTOR = 1;

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
    let askedMs = performance.now();
    for await (const page of pages) {
      for (let from = 0; from < page.length; from += AT_ONCE) {
        const texts = page.slice(from, from + AT_ONCE).map((entry, index) => format.entry(entry, count + index));
        count += texts.length;
        yield bytes(texts.join(''));
        await turnOfOthers();
      }
      await sleep((performance.now() - askedMs) * PAUSE_FACTOR);
      askedMs = performance.now();
    }
  } catch (error) {
    yield bytes(format.cutOff(count, onError(error)));
    return;
  }
  yield bytes(format.end(count));
}
