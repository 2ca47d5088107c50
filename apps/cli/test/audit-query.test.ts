import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type AuditEntry, type AuditReport, ERROR_CATALOGUE } from '@meldesync/protocol';
import { type Cluster, eventually, startCluster, type TestPerson } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../src/app.ts';
import { useTemporaryFolders } from './temporary-folders.ts';
import { createTestTerminal } from './test-terminal.ts';

const makeFolder = useTemporaryFolders();

let cluster: Cluster;
let editor: TestPerson;
let auditor: TestPerson;
let installation: TestPerson;
let record: number;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, sealIntervalMs: 100 });
  const { workspace } = cluster;
  editor = await cluster.addPerson('Emil Team', { workspace, role: 'editor' });
  auditor = await cluster.addPerson('Ruth Revision', { workspace, role: 'auditor' });
  installation = await cluster.addPerson('Ina Thal');
  await cluster.sql('update auth."user" set is_installation_admin = true where id = $1', [installation.id]);
  [record = 0] = await cluster.addRecords(1);
  for (const [index, set] of [{ caseId: 'F-77' }, { note: 'Rückfrage beim Labor' }, { note: null }].entries())
    await cluster.api(editor).edit(workspace, {
      operation: `operation-${index}`,
      items: [{ record, baseVersion: index + 1, set }],
    });
});
afterAll(() => cluster[Symbol.asyncDispose]());

async function run(
  args: readonly string[],
  as: TestPerson = auditor,
  options: { signal?: AbortSignal; onOut?: (text: string) => void; server?: string } = {},
) {
  const { server = cluster.url(), ...rest } = options;
  const terminal = createTestTerminal(['audit', ...args], {
    env: { XDG_CONFIG_HOME: await makeFolder(), MELDESYNC_SERVER: server, MELDESYNC_TOKEN: as.token, COLUMNS: '220' },
    ...rest,
  });
  const exitCode = await runCli(terminal);
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

const entriesOf = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line): AuditEntry => JSON.parse(line));

describe('meldesync audit query', () => {
  it('R5.5 tells who did what when, as a table', async () => {
    const { exitCode, out, err } = await run(['query', '--case', 'F-77']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(/Wann +Wer +Was +Betrifft +Änderung +Von wo/);
    expect(out).toMatch(/Emil Team +\S.* F-77 +.*Rückfrage beim Labor → –/);
  });

  it('takes each filter, and --json gives a line an entry', async () => {
    const { out } = await run(['query', '--json', '--person', 'Emil Team', '--kind', 'record-changed', '--from', '1h']);
    expect(entriesOf(out).map(({ operation }) => operation)).toEqual(['operation-2', 'operation-1', 'operation-0']);
    const limited = await run(['query', '--json', '--record', String(record), '--group', 'record', '--limit', '2']);
    expect(entriesOf(limited.out).map(({ version }) => version)).toEqual([4, 3]);
    const text = await run(['query', '--json', '--text', 'labor', '--to', '2999-12-31']);
    expect(entriesOf(text.out)).toHaveLength(2);
  });

  it('an entry says by what it is sealed', async () => {
    await eventually(async () => {
      const { out } = await run(['query', '--json', '--record', String(record), '--group', 'record']);
      for (const { seal } of entriesOf(out)) expect(seal).toBeGreaterThan(0);
    });
  });

  it('of the whole installation, for who administers it', async () => {
    const { exitCode } = await run(['query', '--installation', '--json'], installation);
    expect(exitCode).toBe(0);
    expect(await run(['query', '--installation'])).toMatchObject({ exitCode: 4 });
  });

  it('is refused to others, and says what it does not know', async () => {
    const refused = await run(['query'], editor);
    expect(refused.exitCode).toBe(4);
    expect(refused.err).toContain(ERROR_CATALOGUE.forbidden.de);
    expect((await run(['query', '--group', 'nichts'])).exitCode).toBe(64);
    expect((await run(['query', '--from', 'gestern'])).exitCode).toBe(64);
    expect((await run(['query', '--kind', 'A B'])).exitCode).toBe(64);
    expect((await run(['query', '--person', 'Niemand'])).err).toContain('Niemand');
  });

  it('--follow goes on with what comes, each once, until Ctrl-C', async () => {
    const ending = new AbortController();
    let out = '';
    const running = run(['query', '--follow', '--json', '--group', 'record', '--limit', '1'], auditor, {
      signal: ending.signal,
      onOut: (text) => {
        out += text;
      },
    });
    await eventually(() => expect(out).toContain('operation-2'));
    const added = await cluster.addRecords(2, { first: 50 });
    await eventually(() => expect(entriesOf(out)).toHaveLength(3));
    ending.abort();
    expect((await running).exitCode).toBe(0);
    expect(entriesOf(out).map((entry) => entry.record)).toEqual([record, ...added]);
  });
});

describe('meldesync audit report', () => {
  it('R5.5 tells all that is held about a case', async () => {
    const { exitCode, out } = await run(['report', 'F-77']);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/Datensätze +\d+ \(1 noch da\)/);
    expect(out).toContain('Ruth Revision');
    const report = JSON.parse((await run(['report', 'F-77', '--json'])).out) as AuditReport;
    expect(report.recordIds).toEqual([record]);
    expect(await run(['report', 'F-nie'])).toMatchObject({ exitCode: 1 });
  });
});

describe('meldesync audit export', () => {
  it('R5.5 writes a file for its owner alone, in the form that verify reads', async () => {
    const file = join(await makeFolder(), 'export.jsonl');
    expect(await run(['export', '--output', file, '--case', 'F-77'])).toMatchObject({ exitCode: 0, out: '' });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const lines = (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([lines[0].type, lines.at(-1)]).toEqual([
      'meldesync-audit-export',
      { type: 'end', entries: lines.length - 2 },
    ]);
    expect(lines[1]).toMatchObject({ type: 'entry', source: 'c', op: 'insert' });
  });

  it('R5.5 what it holds is proved by the seals of the database', async () => {
    await eventually(async () => {
      const file = join(await makeFolder(), 'export.jsonl');
      await run(['export', '--output', file]);
      const terminal = createTestTerminal(['audit', 'verify', '--json', '--export', file], {
        env: { XDG_CONFIG_HOME: await makeFolder(), DATABASE_URL: cluster.database.urlAs('auditor') },
      });
      expect(await runCli(terminal)).toBe(0);
      const { verdict } = JSON.parse(terminal.out());
      expect(verdict).toMatchObject({ findings: [] });
      expect(verdict.proved).toBeGreaterThan(5);
    });
  });

  it.each(['csv', 'fhir', 'fhir-ndjson'])('gives %s on standard output', async (format) => {
    const { exitCode, out } = await run(['export', '--format', format, '--record', String(record)]);
    expect(exitCode).toBe(0);
    expect(out.length).toBeGreaterThan(100);
    if (format === 'csv') expect(out.startsWith('\uFEFF')).toBe(true);
  });

  it('says that it is not whole, and fails', async () => {
    const me = await fetch(`${cluster.url()}/api/v1/me`, { headers: { authorization: `Bearer ${auditor.token}` } });
    const answer = await me.text();
    for (const body of ['{"type":"cut-off","entries":1}\n', '{"type":"entry"}\n', '']) {
      const server = createServer((request, response) => {
        response.setHeader('content-type', request.url?.endsWith('/me') ? 'application/json' : 'application/jsonl');
        response.end(request.url?.endsWith('/me') ? answer : body);
      });
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : 0;
      const result = await run(['export'], auditor, { server: `http://127.0.0.1:${port}` });
      server.close();
      expect(result.exitCode).toBe(1);
      expect(result.err).toContain(ERROR_CATALOGUE['export-cut-off'].de);
    }
  });

  it('says which file it cannot write', async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'file'), '');
    const { exitCode, err } = await run(['export', '--output', join(folder, 'file', 'inside.jsonl')]);
    expect(exitCode).toBe(1);
    expect(err).toContain('ENOTDIR');
  });
});
