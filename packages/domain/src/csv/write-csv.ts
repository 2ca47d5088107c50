/** A file begins with it, so that a spreadsheet reads it as UTF-8. */
export const CSV_MARK = '\uFEFF';
const LINE_END = '\r\n';

/** What a spreadsheet takes for the beginning of a formula, also behind what it does not show, and in the wide forms that it reads alike. */
const FORMULA = /^(?:[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/u;

/** A cell: what a spreadsheet would run is made text with an apostrophe, and what would end the cell is quoted. */
function csvCell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[";,\t\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/**
 * A line of CSV (RFC 4180) with a semicolon, which is what a German spreadsheet opens without questions. All files that people take along
 * are written by it: what stands in them was written by others.
 */
export function csvLine(cells: readonly string[]): string {
  return cells.map(csvCell).join(';') + LINE_END;
}
