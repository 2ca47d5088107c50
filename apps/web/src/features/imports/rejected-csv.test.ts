import type { ImportRow } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { rejectedCsv } from './rejected-csv.ts';

const header = { line: 'Zeile', vorgangsnummer: 'Vorgangsnummer', reason: 'Grund' };

function row(
  line: number,
  vorgangsnummer: string | null,
  messages: string[],
  outcome: ImportRow['outcome'] = 'rejected',
) {
  const findings = messages.map((message) => ({
    code: 'x',
    severity: 'error' as const,
    field: null,
    params: {},
    message,
  }));
  return { line, outcome, vorgangsnummer, findings };
}

describe('rejectedCsv', () => {
  it('has a header and one line for each rejected row', () => {
    const csv = rejectedCsv(
      [row(2, 'ab12', ['Falsch.', 'Zu kurz.']), row(3, 'cd34', ['Nur ein Hinweis.'], 'warned')],
      header,
    );
    expect(csv).toBe('\uFEFFZeile;Vorgangsnummer;Grund\r\n2;ab12;Falsch. Zu kurz.\r\n');
  });

  it('quotes what would break the line', () => {
    expect(rejectedCsv([row(2, 'a;b', ['Er sagt "nein".\nEnde'])], header)).toContain(
      '"a;b";"Er sagt ""nein"".\nEnde"',
    );
  });

  it('lets no spreadsheet run what stood in the file', () => {
    expect(rejectedCsv([row(2, '=HYPERLINK(1)', ['x'])], header)).toContain(";'=HYPERLINK(1);");
  });
});
