import { CSV_MARK, csvLine } from '@meldesync/domain';
import type { ImportRow } from '@meldesync/protocol';

/** Column names in the language of the page. */
export interface RejectedCsvHeader {
  readonly line: string;
  readonly vorgangsnummer: string;
  readonly reason: string;
}

/**
 * The rejected rows as CSV that a German spreadsheet opens without questions. Several reasons of one row share its cell.
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
  return CSV_MARK + table.map(csvLine).join('');
}
