import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportSummary } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { createTestTerminal } from '../../test/test-terminal.ts';
import { createContext } from '../context.ts';
import { translatorOf } from '../messages/translator.ts';
import { collectFiles } from './collect-files.ts';
import type { FileResult } from './import-files.ts';
import { exitOfImport, printReport, resultToJson } from './report.ts';

const t = translatorOf('de');

describe('the files of an import', () => {
  it('are those named, and the *.csv of folders', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'meldesync-import-'));
    await mkdir(join(folder, 'sub.csv'));
    for (const name of ['b.csv', 'a.CSV', 'notes.txt']) await writeFile(join(folder, name), 'x');
    const single = join(folder, 'notes.txt');
    const sources = await collectFiles([single, folder, join(folder, 'b.csv')], t);
    expect(sources.map(({ kind, path }) => [kind, path])).toEqual([
      ['file', single],
      ['file', join(folder, 'a.CSV')],
      ['file', join(folder, 'b.csv')],
    ]);
  });

  it('that are none come with a reason', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'meldesync-import-'));
    const missing = join(folder, 'missing.csv');
    expect(await collectFiles([missing, folder, '/dev/null'], t)).toEqual([
      { kind: 'unusable', path: missing, reason: 'Die Datei gibt es nicht.' },
      { kind: 'unusable', path: folder, reason: 'In dem Ordner ist keine CSV-Datei.' },
      { kind: 'unusable', path: '/dev/null', reason: 'Das ist keine Datei.' },
    ]);
  });
});

function summaryOf(rows: Partial<ImportSummary['rows']>): ImportSummary {
  return {
    id: '6f1d3c9e-0000-4000-8000-000000000001',
    filename: 'a.csv',
    sizeBytes: 1,
    status: 'finished',
    rows: { new: 0, updated: 0, unchanged: 0, rejected: 0, warned: 0, ...rows },
    progress: 1,
    error: null,
    createdAt: '2025-05-12T08:42:07Z',
    finishedAt: '2025-05-12T08:42:08Z',
    createdBy: 'u1',
    cancelledBy: null,
    continuedBy: null,
  };
}

const fine: FileResult = { path: 'a.csv', summary: summaryOf({ new: 1200 }), failure: null, rows: [] };
const partly: FileResult = {
  path: 'b.csv',
  summary: summaryOf({ unchanged: 3, rejected: 2 }),
  failure: null,
  rows: [
    {
      line: 4,
      outcome: 'rejected',
      vorgangsnummer: null,
      findings: [
        { code: 'hash-mismatch', severity: 'error', field: 'hash', params: {}, message: 'Die Prüfsumme passt nicht.' },
      ],
    },
  ],
};
const failed: FileResult = {
  path: 'c.csv',
  summary: null,
  failure: { code: 'unusable-path', message: 'Die Datei gibt es nicht.' },
  rows: [],
};

describe('the exit code of an import', () => {
  it.each([
    [[fine], 0],
    [[fine, partly], 2],
    [[partly, failed, fine], 1],
  ])('%# is right', (results, exitCode) => {
    expect(exitOfImport(results)).toBe(exitCode);
  });
});

describe('the report of an import', () => {
  it('has a line a file, a total, and the reasons in words', () => {
    const terminal = createTestTerminal([]);
    printReport(createContext(terminal), [fine, partly, failed]);
    expect(terminal.out().split('\n')).toEqual([
      'Datei        Neu  Geändert  Unverändert  Abgelehnt  Hinweise',
      'a.csv      1.200         0            0          0         0',
      'b.csv          0         0            3          2         0',
      '2 Dateien  1.200         0            3          2         0',
      '',
      'Nicht eingelesen',
      '  c.csv: Die Datei gibt es nicht.',
      '',
      'Abgelehnte Zeilen',
      '  b.csv',
      '    Zeile 4: Die Prüfsumme passt nicht.',
      '    … und 1 weitere Zeile; alle mit --verbose',
      '',
    ]);
  });

  it('is one object a file for scripts', () => {
    expect(resultToJson(partly)).toMatchObject({
      file: 'b.csv',
      status: 'finished',
      rows: { unchanged: 3, rejected: 2 },
      error: null,
      details: [{ line: 4, outcome: 'rejected' }],
    });
    expect(resultToJson(failed)).toMatchObject({ file: 'c.csv', status: 'failed', import: null, rows: null });
  });
});
