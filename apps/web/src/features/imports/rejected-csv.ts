import type { ImportRow } from '@meldesync/protocol';

/** Column names in the language of the page. */
export interface RejectedCsvHeader {
  readonly line: string;
  readonly vorgangsnummer: string;
  readonly reason: string;
}

/**
 * The rejected rows as CSV (RFC 4180) with a semicolon and a byte order mark, which is what a German spreadsheet opens
 * without questions. Several reasons of one row share its cell.
 */
export function rejectedCsv(rows: readonly ImportRow[], header: RejectedCsvHeader): string {
  const lines = rows
    .filter(({ outcome }) => outcome === 'rejected')
    .map(({ line, vorgangsnummer, findings }) => [
      String(line),
      vorgangsnummer ?? '',
      findings.map(({ message }) => message).join(' '),
    ]);
  const table = [[header.line, header.vorgangsnummer, header.reason], ...lines];
  return `\uFEFF${table.map((cells) => cells.map(csvCell).join(';')).join('\r\n')}\r\n`;
}

/** Quotes a cell; what a spreadsheet would run as a formula is made text with an apostrophe. */
function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
