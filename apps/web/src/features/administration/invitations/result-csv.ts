import { CSV_MARK, csvLine } from '@meldesync/domain';
import type { ImportedMembers } from '@meldesync/protocol';

/** Column names and outcomes in the language of the page. */
export interface ResultWords {
  readonly header: readonly [line: string, email: string, outcome: string, link: string];
  readonly outcomes: Readonly<Record<ImportedMembers['rows'][number]['outcome'], string>>;
}

/**
 * What became of each row as CSV that a German spreadsheet opens without questions. It holds the links, each of which lets somebody in.
 */
export function resultCsv(rows: ImportedMembers['rows'], { header, outcomes }: ResultWords): string {
  const lines = rows.map(({ line, email, outcome, message, link }) => [
    String(line),
    email,
    message === null ? outcomes[outcome] : `${outcomes[outcome]}: ${message}`,
    link?.url ?? '',
  ]);
  return CSV_MARK + [header, ...lines].map(csvLine).join('');
}
