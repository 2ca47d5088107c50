import { createRequire } from 'node:module';
import type { DetailedEntry } from '@meldesync/db';
import { AUDIT_FORMATS, type AuditFormat } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { sampleEntry } from '../../test/sample-entry.ts';
import { writePages } from './export-chunks.ts';
import { createExportFormat } from './export-format.ts';

const { parse } = createRequire(new URL('../../../../packages/domain/package.json', import.meta.url))(
  'csv-parse/sync',
) as {
  parse(text: string, options: object): string[][];
};

const CONTEXT = {
  begun: { view: { workspaceId: null, filter: { case: 'F-1' } }, at: '2026-11-30T16:00:00.000000Z', snapshot: '1:1:' },
  language: 'de',
  baseUrl: 'https://melde.klinik.example',
  version: '0.3.0',
} as const;

async function write(
  format: AuditFormat,
  pages: readonly (readonly DetailedEntry[])[],
  failure?: Error,
): Promise<string> {
  async function* read() {
    yield* pages;
    if (failure) throw failure;
  }
  const chunks: Uint8Array[] = [];
  const options = { format: createExportFormat(format, CONTEXT), onError: () => 'unavailable' as const };
  for await (const chunk of writePages(read(), options)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const HOSTILE = ['=SUMME(A1)', '+49 1', '-1', '@name', '\t=1', ' =1', '\uFF1D1', 'a;b', 'a"b', 'a\nb', 'ordinary', ''];

describe('CSV', () => {
  const read = (text: string) => parse(text, { delimiter: ';', bom: true, relax_column_count: false });

  it('comes back as it was, and no cell is a formula', async () => {
    const entries = HOSTILE.map((caseId, index) =>
      sampleEntry({ key: `event:${index + 1}`, caseId, actorName: caseId }),
    );
    const text = await write('csv', [entries.slice(0, 5), entries.slice(5)]);
    expect(text.codePointAt(0)).toBe(0xfeff);
    const [head = [], ...rows] = read(text);
    const [end = []] = rows.splice(-1);
    const column = head.indexOf('Fallnummer');
    expect(rows.map((row) => row[column]?.replace(/^'/, ''))).toEqual(HOSTILE);
    expect(rows.map((row) => row[head.indexOf('Nachher')])).toEqual(
      entries.map(({ entry }) => JSON.stringify(entry.after)),
    );
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^\s*[=+\-@\uFF1D]/);
    expect(end.slice(0, 3)).toEqual(['export-complete', String(HOSTILE.length), '']);
    expect(new Set([head, ...rows, end].map((row) => row.length)).size).toBe(1);
  });
});

describe('JSON Lines', () => {
  it('hold what is sealed under its own names, and where it is sealed', async () => {
    const leaf = { seal: 4, position: 2, salt: '00'.repeat(16), content: null, isErased: false };
    const event = sampleEntry({
      key: 'event:5',
      kind: 'sign-in',
      subject: 'user:anna',
      address: '10.0.0.1',
      session: 's',
    });
    const text = await write('jsonl', [[sampleEntry({}, leaf), event]]);
    const [head, change, told, end] = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(head).toMatchObject({ type: 'meldesync-audit-export', version: 1, filter: { case: 'F-1' } });
    expect(change).toMatchObject({
      source: 'c',
      id: '12',
      txid: '815',
      micros: '1796054400000123',
      op: 'update',
      record_id: '7',
      version: '3',
      operation: 'operation-1',
      sealed: { seal: '4', position: 2, salt: leaf.salt, commitment: null, isErased: false },
      content: [{ note: null }, { note: 'Rückruf; "morgen"\num 8' }],
    });
    expect(told).toMatchObject({ source: 'e', kind: 'sign-in', session_id: 's', address: '10.0.0.1', sealed: null });
    expect(end).toEqual({ type: 'end', entries: 2 });
  });

  it('a number keeps its digits', async () => {
    const entry = sampleEntry();
    const text = await write('jsonl', [
      [{ ...entry, row: { ...entry.row, content: '[{"n": 1.0}, {"n": 12345678901234567890}]' } }],
    ]);
    expect(text).toContain('"content":[{"n": 1.0}, {"n": 12345678901234567890}]}');
  });
});

describe('an export that breaks off', () => {
  const pages = [[sampleEntry(), sampleEntry({ key: 'change:13' })]];
  const ends: Readonly<Record<AuditFormat, (text: string) => unknown>> = {
    csv: (text) => text.trimEnd().split('\r\n').at(-1)?.split(';').slice(0, 3),
    jsonl: (text) => JSON.parse(text.trim().split('\n').at(-1) ?? ''),
    fhir: (text) => JSON.parse(text).entry.at(-1).resource,
    'fhir-ndjson': (text) => JSON.parse(text.trim().split('\n').at(-1) ?? ''),
  };
  const outcome = {
    resourceType: 'OperationOutcome',
    issue: [
      expect.objectContaining({
        severity: 'fatal',
        code: 'incomplete',
        diagnostics: 'cut off by unavailable, entries: 2',
      }),
    ],
  };
  const expected: Readonly<Record<AuditFormat, unknown>> = {
    csv: ['export-cut-off', '2', 'unavailable'],
    jsonl: { type: 'cut-off', entries: 2, code: 'export-cut-off', cause: 'unavailable' },
    fhir: outcome,
    'fhir-ndjson': outcome,
  };

  it.each(AUDIT_FORMATS)('R5.5 says so at its end: %s', async (format) => {
    expect(ends[format](await write(format, pages, new Error('gone')))).toEqual(expected[format]);
    const whole = ends[format](await write(format, pages));
    expect(whole).not.toEqual(expected[format]);
  });

  it.each(AUDIT_FORMATS)('also before its first entry, and an empty one is whole: %s', async (format) => {
    expect(JSON.stringify(ends[format](await write(format, [], new Error('gone'))))).toContain('unavailable');
    if (format === 'fhir') expect(JSON.parse(await write('fhir', [])).entry).toEqual([]);
  });
});
