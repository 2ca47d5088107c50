import type { ImportedMembers } from '@meldesync/protocol';

/** Column names and outcomes in the language of the page. */
export interface ResultWords {
  readonly header: readonly [line: string, email: string, outcome: string, link: string];
  readonly outcomes: Readonly<Record<ImportedMembers['rows'][number]['outcome'], string>>;
}

/**
 * What became of each row as CSV (RFC 4180), with a semicolon and a byte order mark, which is what a German spreadsheet opens without
 * questions. It holds the links, each of which lets somebody in.
 */
export function resultCsv(rows: ImportedMembers['rows'], { header, outcomes }: ResultWords): string {
  const lines = rows.map(({ line, email, outcome, message, link }) => [
    String(line),
    email,
    message === null ? outcomes[outcome] : `${outcomes[outcome]}: ${message}`,
    link?.url ?? '',
  ]);
  return `\uFEFF${[[...header], ...lines].map((cells) => cells.map(csvCell).join(';')).join('\r\n')}\r\n`;
}

/** Quotes a cell; what a spreadsheet would run as a formula is made text with an apostrophe. */
function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
