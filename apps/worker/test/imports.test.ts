import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { UploadFile } from '@meldesync/client';
import type { ImportRow, ImportSummary } from '@meldesync/protocol';
import {
  type Cluster,
  eventually,
  sampleCsv,
  sampleMeldebestaetigung,
  startCluster,
  type TestPerson,
} from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const FIXTURES = fileURLToPath(new URL('../../../packages/domain/fixtures/', import.meta.url));
const HEADER = 'Vorgangsnummer,Meldebestaetigung';
const MAX_BYTES = 4 * 1024 * 1024;

let cluster: Cluster;
let anna: TestPerson;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, importLimits: { maxBytes: MAX_BYTES } });
  anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
});
afterAll(() => cluster[Symbol.asyncDispose]());

function file(name: string, content: string | Uint8Array<ArrayBuffer>): UploadFile {
  return { name, content: new Blob([content]) };
}

/** Uploads files in one request and waits until all of them have ended. */
async function importFiles(...files: UploadFile[]): Promise<ImportSummary[]> {
  const api = cluster.api(anna);
  const taken = await api.uploadImports(cluster.workspace, files);
  expect(taken.map((one) => one.filename)).toEqual(files.map((one) => one.name));
  let ended: ImportSummary[] = [];
  await eventually(async () => {
    ended = await Promise.all(taken.map(({ id }) => api.import(cluster.workspace, id)));
    expect(ended.filter((one) => one.finishedAt === null)).toEqual([]);
  });
  return ended;
}

async function importFile(content: string | Uint8Array<ArrayBuffer>, name = 'test.csv'): Promise<ImportSummary> {
  const [summary] = await importFiles(file(name, content));
  if (!summary) throw new Error('no import came back');
  return summary;
}

async function rowsOf(summary: ImportSummary): Promise<ImportRow[]> {
  const { rows } = await cluster.api(anna).importRows(cluster.workspace, summary.id);
  return rows;
}

/** Line and codes of every row that has something to say. */
async function findingsOf(summary: ImportSummary): Promise<[number, string, string[]][]> {
  const rows = await rowsOf(summary);
  return rows.map(({ line, outcome, findings }) => [line, outcome, findings.map((finding) => finding.code)]);
}

async function changeCount(): Promise<number> {
  const [row] = await cluster.sql('select count(*)::int as count from changes');
  return Number(row?.['count']);
}

async function recordCount(): Promise<number> {
  const [row] = await cluster.sql('select count(*)::int as count from records');
  return Number(row?.['count']);
}

/** A row of the file, of the sample of that number. */
function row(number: number, change: (ibe: string) => string = (ibe) => ibe): string {
  const { vorgangsnummer, ibe } = sampleMeldebestaetigung(number);
  return `${vorgangsnummer},${change(ibe)}`;
}

describe('the files as the BfArM sends them', () => {
  const read = async (): Promise<UploadFile[]> => {
    const names = (await readdir(FIXTURES)).filter((name) => name.endsWith('.csv'));
    return Promise.all(names.map(async (name) => file(name, new Uint8Array(await readFile(FIXTURES + name)))));
  };

  it("R3.1 are new the first time, in everyone's list, and made by the person who uploaded them", async () => {
    const client = cluster.client(anna);
    client.start();
    await eventually(() => expect(client.connection.name).toBe('live'));
    const summaries = await importFiles(...(await read()));
    expect(summaries).toHaveLength(5);
    for (const summary of summaries) {
      expect(summary).toMatchObject({ status: 'finished', error: null, progress: 1, createdBy: anna.id });
      expect(summary.rows).toMatchObject({ new: 1, updated: 0, unchanged: 0, rejected: 0 });
    }
    await eventually(() => expect(client.store.size).toBe(5));
    for (const record of client.store.values()) expect(record.updatedBy).toBe(`user:${anna.id}`);
    const changes = await cluster.sql('select via, import_id from changes');
    expect(changes.every((change) => change['via'] === 'import')).toBe(true);
    expect(new Set(changes.map((change) => change['import_id']))).toEqual(new Set(summaries.map(({ id }) => id)));
    client.stop();
  });

  it('R2.5 are unchanged the second time: no version goes up, no change is written', async () => {
    const before = await changeCount();
    const versions = await cluster.sql('select id, version, updated_at from records order by id');
    for (const summary of await importFiles(...(await read()))) {
      expect(summary.rows).toMatchObject({ new: 0, updated: 0, unchanged: 1, rejected: 0 });
    }
    expect(await changeCount()).toBe(before);
    expect(await cluster.sql('select id, version, updated_at from records order by id')).toEqual(versions);
  });
});

describe('a file with good and bad rows', () => {
  it('R3.1 keeps the good ones and says of each bad one where and why', async () => {
    const before = await recordCount();
    const summary = await importFile(
      [
        HEADER,
        row(1001),
        row(1002, (ibe) => `${ibe.slice(0, -1)}${ibe.endsWith('0') ? '1' : '0'}`),
        row(1003, (ibe) => ibe.replace(/&2026\d{4}/, '&20260231')),
        `nonsense,${sampleMeldebestaetigung(1004).ibe}`,
        row(1005),
        'only one column',
        row(1006),
        `${sampleMeldebestaetigung(1007).vorgangsnummer.toUpperCase()},${sampleMeldebestaetigung(1007).ibe}`,
        '',
      ].join('\r\n'),
    );
    expect(summary).toMatchObject({
      status: 'finished',
      rows: { new: 4, updated: 0, unchanged: 0, rejected: 4 },
    });
    expect(await recordCount()).toBe(before + 4);
    const findings = await findingsOf(summary);
    expect(findings.map(([line, outcome]) => [line, outcome])).toEqual([
      [3, 'rejected'],
      [4, 'rejected'],
      [5, 'rejected'],
      [7, 'rejected'],
    ]);
    expect(findings.map(([, , codes]) => codes)).toEqual([
      ['hash-mismatch'],
      expect.arrayContaining(['leistungsdatum-invalid']),
      expect.arrayContaining(['vorgangsnummer-length']),
      ['column-count'],
    ]);
  });

  it('says why in the language of the request', async () => {
    const summary = await importFile(`${HEADER}\n${row(1010, (ibe) => ibe.slice(0, -1))}\n`);
    const ask = async (language: string) => {
      const response = await fetch(
        `${cluster.url()}/api/v1/workspaces/${cluster.workspace}/imports/${summary.id}/rows`,
        { headers: { authorization: `Bearer ${anna.token}`, 'accept-language': language } },
      );
      const body = (await response.json()) as { rows: ImportRow[] };
      return body.rows[0]?.findings[0]?.message;
    };
    expect(await ask('de')).toContain('Hashwert');
    expect(await ask('en-GB')).toContain('hash value');
  });

  it('R2.4 takes none of several rows with the same number and different content', async () => {
    const { vorgangsnummer } = sampleMeldebestaetigung(1020);
    const summary = await importFile(
      [HEADER, row(1020), row(1021), `${vorgangsnummer.toUpperCase()},${sampleMeldebestaetigung(1022).ibe}`].join('\n'),
    );
    expect(summary.rows).toMatchObject({ new: 1, rejected: 2 });
    expect(await findingsOf(summary)).toEqual([
      [2, 'rejected', ['contradictory-rows']],
      [4, 'rejected', ['contradictory-rows']],
    ]);
    expect(await cluster.sql('select 1 from records where vorgangsnummer = $1', [vorgangsnummer])).toEqual([]);
  });

  it('counts rows that repeat one to the letter once as new', async () => {
    const summary = await importFile([HEADER, row(1030), row(1030), row(1030)].join('\n'));
    expect(summary.rows).toMatchObject({ new: 1, unchanged: 2, rejected: 0 });
  });

  it('R2.4 a corrected segment updates the record, and what people entered stays', async () => {
    await importFile(`${HEADER}\n${row(1040)}\n`);
    const { vorgangsnummer } = sampleMeldebestaetigung(1040);
    await cluster.sql(`update records set note = 'mine', case_id = 'F-1040' where vorgangsnummer = $1`, [
      vorgangsnummer,
    ]);
    const corrected = sampleMeldebestaetigung(1041).ibe;
    const summary = await importFile(
      `${HEADER};Fallnummer\n`.replaceAll(',', ';') + `${vorgangsnummer};${corrected};F-9\n`,
    );
    expect(summary.rows).toMatchObject({ new: 0, updated: 1, unchanged: 0 });
    const [record] = await cluster.sql('select ibe, note, case_id, version from records where vorgangsnummer = $1', [
      vorgangsnummer,
    ]);
    expect(record).toEqual({ ibe: corrected, note: 'mine', case_id: 'F-1040', version: 3 });
  });

  it('a case id of the file fills an empty one', async () => {
    await importFile(`${HEADER}\n${row(1050)}\n`);
    const summary = await importFile(`${HEADER},Fallnummer\n${row(1050)},F-1050\n`);
    expect(summary.rows).toMatchObject({ updated: 1 });
    const again = await importFile(`${HEADER},Fallnummer\n${row(1050)},F-other\n`);
    expect(again.rows).toMatchObject({ updated: 0, unchanged: 1 });
    const [record] = await cluster.sql('select case_id from records where vorgangsnummer = $1', [
      sampleMeldebestaetigung(1050).vorgangsnummer,
    ]);
    expect(record).toEqual({ case_id: 'F-1050' });
  });
});

describe('a file that is none', () => {
  it.each<[string, string | Uint8Array<ArrayBuffer>, string]>([
    ['without a header', `${row(1101)}\n`, 'no-header'],
    ['with one of the columns only', 'Vorgangsnummer,Anderes\na,b\n', 'missing-column'],
    ['with a column twice', `${HEADER},Meldebestaetigung\na,b,c\n`, 'duplicate-column'],
    ['that is empty', '', 'empty-file'],
    ['of blank lines', '\n\r\n\n', 'empty-file'],
    ['that is a ZIP', new Uint8Array([0x50, 0x4b, 0x03, 0x04, 1, 2, 3]), 'binary-file'],
    ['of NUL characters', new Uint8Array(64), 'binary-file'],
    ['in UTF-16', new Uint8Array(Buffer.from(`\uFEFF${HEADER}\n`, 'utf16le')), 'utf-16-file'],
    ['too large', new Uint8Array(MAX_BYTES + 1).fill(0x41), 'file-too-large'],
  ])('R2.4 %s changes nothing and says why', async (_, content, code) => {
    const before = await changeCount();
    const summary = await importFile(content);
    expect(summary).toMatchObject({ status: 'failed', progress: 1, error: { code } });
    expect(summary.rows).toEqual({ new: 0, updated: 0, unchanged: 0, rejected: 0, warned: 0 });
    expect(await changeCount()).toBe(before);
    // Nothing of it is kept.
    expect(await cluster.sql('select 1 from import_chunks where import_id = $1', [summary.id])).toEqual([]);
  });

  it('R3.1 does not touch the other file of the request', async () => {
    const [bad, good] = await importFiles(file('bad.csv', 'not, a header\n'), file('good.csv', sampleCsv(3, 1200)));
    expect(bad).toMatchObject({ status: 'failed', error: { code: 'no-header' } });
    expect(good).toMatchObject({ status: 'finished', rows: { new: 3 } });
  });
});

describe('a file of which more rows are wrong than may be', () => {
  const MAX_REJECTED = 1_000;
  const notes = (summary: ImportSummary) =>
    cluster.sql('select line from import_rows where import_id = $1 order by line', [summary.id]);

  it.each<[string, string[]]>([
    ['of lines that are nothing', Array.from({ length: 400_000 }, () => 'x')],
    ['whose rows are no Meldebestätigungen', Array.from({ length: 1_001 }, (_, index) => `${index},IBE+`)],
    // Neither of two contradicting rows is taken, so all of them are rejected.
    [
      'that contradicts itself',
      [20_000, 20_001].flatMap((first) =>
        Array.from({ length: 501 }, (_, index) => {
          const { vorgangsnummer } = sampleMeldebestaetigung(20_000 + 2 * index);
          return `${vorgangsnummer},${sampleMeldebestaetigung(first + 2 * index).ibe}`;
        }),
      ),
    ],
  ])('R2.4 %s is refused before anything of it is written, with the first of them', async (_, rows) => {
    const before = await recordCount();
    const summary = await importFile([HEADER, row(1401), ...rows].join('\n'));
    expect(summary).toMatchObject({
      status: 'failed',
      error: { code: 'too-many-rejected', params: { limit: MAX_REJECTED } },
      rows: { new: 0, updated: 0, unchanged: 0, warned: 0 },
    });
    expect(summary.rows.rejected).toBeGreaterThan(MAX_REJECTED);
    expect(await recordCount()).toBe(before);
    expect((await notes(summary)).map(({ line }) => line)).toEqual(Array.from({ length: 20 }, (_, index) => 3 + index));
    const [first] = await rowsOf(summary);
    expect(first?.findings[0]?.message).toMatch(/\w/);
    expect(await cluster.sql('select 1 from import_chunks where import_id = $1', [summary.id])).toEqual([]);
  });

  it('R3.1 with exactly as many, its good rows are taken', async () => {
    const summary = await importFile(
      [HEADER, ...Array.from({ length: MAX_REJECTED }, () => 'x'), row(1402)].join('\n'),
    );
    expect(summary).toMatchObject({ status: 'finished', rows: { new: 1, rejected: MAX_REJECTED } });
    expect(await notes(summary)).toHaveLength(MAX_REJECTED);
  });

  it('of thousands of cells a row is one that is wrong, and does not keep the worker from others', async () => {
    const wide = ','.repeat(60_000);
    const summary = await importFile([HEADER, ...Array.from({ length: 60 }, () => wide), row(1403)].join('\n'));
    expect(summary).toMatchObject({ status: 'finished', rows: { new: 1, rejected: 60 } });
  });
});

describe('a file with something odd', () => {
  it('R3.5 a line of two megabytes is one rejected row', async () => {
    const summary = await importFile([HEADER, row(1301), 'x'.repeat(2 * 1024 * 1024), row(1302)].join('\n'));
    expect(summary).toMatchObject({ status: 'finished', rows: { new: 2, rejected: 1 } });
    expect(await findingsOf(summary)).toEqual([[3, 'rejected', ['line-too-long']]]);
  });

  it('a NUL character in a line is one rejected row', async () => {
    const summary = await importFile([HEADER, row(1311), `a\0b,c`, row(1312)].join('\n'));
    expect(summary).toMatchObject({ status: 'finished', rows: { new: 2, rejected: 1 } });
    expect(await findingsOf(summary)).toEqual([[3, 'rejected', ['nul-character']]]);
  });

  it.each([
    ['a path', '../../etc/passwd', 'passwd'],
    ['a Windows path', 'C:\\Users\\a\\b.csv', 'b.csv'],
    ['umlauts', 'Meldebestätigung Größe.csv', 'Meldebestätigung Größe.csv'],
    ['a very long one', `${'x'.repeat(400)}.csv`, `${'x'.repeat(251)}.csv`],
  ])('%s as its name', async (_, given, kept) => {
    const taken = await cluster.api(anna).uploadImports(cluster.workspace, [file(given, 'x')]);
    expect(taken[0]?.filename).toBe(kept);
  });

  it('R3.1 R3.5 a large file goes through in batches, and its progress reaches the screens', async () => {
    const client = cluster.client(anna);
    const heard: ImportSummary[] = [];
    client.onImport((summary) => heard.push(summary));
    client.start();
    await eventually(() => expect(client.connection.name).toBe('live'));
    const before = client.store.size;
    const summary = await importFile(sampleCsv(2_600, 10_000));
    expect(summary.rows).toMatchObject({ new: 2_600, rejected: 0 });
    await eventually(() => expect(client.store.size).toBe(before + 2_600));
    await eventually(() => expect(heard.at(-1)).toMatchObject({ id: summary.id, status: 'finished', progress: 1 }));
    expect(heard.every((one) => one.progress <= 1)).toBe(true);
    const [batches] = await cluster.sql('select count(distinct txid)::int as count from changes where import_id = $1', [
      summary.id,
    ]);
    expect(Number(batches?.['count'])).toBeGreaterThan(1);
    client.stop();
  });
});
