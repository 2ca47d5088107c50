import { expect, it } from 'vitest';
import { resultCsv } from './result-csv.ts';

it('holds each row with its link, and nothing that a spreadsheet would run', () => {
  const link = { url: 'https://melde.example/invitation#geheim', expiresAt: '2027-01-08T00:00:00Z', mailText: '' };
  const csv = resultCsv(
    [
      { line: 2, email: 'anna@klinik.example', outcome: 'invited', code: null, message: null, link },
      {
        line: 3,
        email: '=HYPERLINK("x")',
        outcome: 'rejected',
        code: 'email-invalid',
        message: 'Keine; Adresse',
        link: null,
      },
    ],
    {
      header: ['Zeile', 'E-Mail', 'Ergebnis', 'Link'],
      outcomes: { invited: 'eingeladen', unchanged: 'unverändert', rejected: 'abgelehnt' },
    },
  );
  expect(csv).toBe(
    [
      '\uFEFFZeile;E-Mail;Ergebnis;Link',
      '2;anna@klinik.example;eingeladen;https://melde.example/invitation#geheim',
      '3;"\'=HYPERLINK(""x"")";"abgelehnt: Keine; Adresse";',
      '',
    ].join('\r\n'),
  );
});
