import { type AuditEntry, type AuditPage, type AuditReport, auditPage, auditReport } from '@meldesync/protocol';
import { eventually, expectProblem } from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';
import { addTeam, POSITIONS, type Position, setUpAdministration } from './administration-setup.ts';

const { cluster, call, done } = await setUpAdministration();
const team = await addTeam(cluster);
const { workspace } = cluster;
const elsewhere = await cluster.addWorkspace('Nachbarklinik');
const neighbour = await cluster.addPerson('Nils Nachbar', { workspace: elsewhere, role: 'auditor' });
const [record = 0, other = 0] = await cluster.addRecords(3);
await cluster.api(team.editor).edit(workspace, {
  operation: 'operation-case',
  items: [{ record, baseVersion: 1, set: { caseId: 'F-Geheim', note: '=SUMME(A1) "Nadelwort"\nzweite Zeile' } }],
});
await cluster.api(team.editor).edit(workspace, {
  operation: 'operation-moved',
  items: [
    { record, baseVersion: 2, set: { caseId: 'F-Neu' } },
    { record: other, baseVersion: 1, set: { note: 'Ärztin ruft zurück' } },
  ],
});

const TRAIL = `/workspaces/${workspace}/audit`;
const WHOLE = '/administration/audit';

const query = (json: unknown, as: { token: string } = team.auditor, path = `${TRAIL}/query`) =>
  done<AuditPage>(path, { as, method: 'POST', json });
const readEvents = async (kind: string) => cluster.sql('select * from events where kind = $1 order by id', [kind]);
const keysOf = ({ entries }: { entries: readonly AuditEntry[] }) => entries.map(({ key }) => key);

/** All pages of a list. */
async function readAll(filter: object, limit: number, as = team.auditor): Promise<AuditEntry[]> {
  const found: AuditEntry[] = [];
  let before: string | undefined;
  do {
    const page = await query({ filter, limit, before }, as);
    found.push(...page.entries);
    before = page.next ?? undefined;
  } while (before !== undefined);
  return found;
}

describe('who may read the trail', () => {
  const ROUTES: readonly [path: string, json: object, may: readonly Position[]][] = [
    [`${TRAIL}/query`, {}, ['auditor', 'admin']],
    [`${TRAIL}/export`, { format: 'csv' }, ['auditor', 'admin']],
    [`${TRAIL}/report`, { case: 'F-Neu' }, ['auditor', 'admin']],
    [`${WHOLE}/query`, {}, ['installation']],
    [`${WHOLE}/export`, { format: 'jsonl' }, ['installation']],
  ];

  it.each(ROUTES)('R5.5 %s', async (path, json, may) => {
    await expectProblem(await call(path, { method: 'POST', json }), 'unauthenticated');
    for (const position of POSITIONS) {
      const before = (await cluster.sql('select count(*)::int as n from events'))[0]?.['n'];
      const response = await call(path, { as: team[position], method: 'POST', json });
      if (may.includes(position)) {
        expect(response.status, position).toBe(200);
        await response.text();
        continue;
      }
      const isHidden = path.startsWith('/workspaces/') && (position === 'outsider' || position === 'installation');
      await expectProblem(response, isHidden ? 'workspace-not-found' : 'forbidden');
      expect((await cluster.sql('select count(*)::int as n from events'))[0]?.['n'], position).toBe(before);
    }
  });

  it('moments that Postgres would not take are refused', async () => {
    for (const from of ['0000-01-01T00:00:00Z', `2026-12-01T08:00:00.${'1'.repeat(300)}Z`])
      for (const path of [`${TRAIL}/query`, `${TRAIL}/export`])
        expect(
          (await call(path, { as: team.installation, method: 'POST', json: { filter: { from } } })).status,
        ).not.toBe(500);
    const refused = await call(`${WHOLE}/query`, {
      as: team.installation,
      method: 'POST',
      json: { filter: { from: '0000-01-01T00:00:00Z' } },
    });
    expect(refused.status).toBe(422);
  });

  it('an auditor of another workspace reads nothing of this one', async () => {
    await expectProblem(
      await call(`${TRAIL}/query`, { as: neighbour, method: 'POST', json: {} }),
      'workspace-not-found',
    );
    const page = await query({}, neighbour, `/workspaces/${elsewhere}/audit/query`);
    expect(page.entries.filter((entry) => entry.workspace === workspace)).toEqual([]);
  });
});

describe('the list', () => {
  it('R5.1 has every change and every event of the workspace once, newest first, and says whose and of which case', async () => {
    const found = await readAll({}, 3);
    expect(new Set(keysOf({ entries: found })).size).toBe(found.length);
    expect(found.map(({ at }) => at)).toEqual(
      found
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    );
    const changes = await cluster.sql('select id from changes where workspace_id = $1', [workspace]);
    expect(found.filter(({ key }) => key.startsWith('change:'))).toHaveLength(changes.length);
    const moved = found.find(({ operation, record: of }) => operation === 'operation-moved' && of === record);
    expect(moved).toMatchObject({
      kind: 'record-changed',
      actor: `user:${team.editor.id}`,
      actorName: 'Emil Team',
      caseId: 'F-Neu',
      version: 3,
      before: { caseId: 'F-Geheim' },
      after: { caseId: 'F-Neu' },
      seal: null,
      isErased: false,
    });
  });

  it('R5.5 is on record once with its first page, and names no case and no text', async () => {
    const before = (await readEvents('audit-read')).length;
    const first = await query({ filter: { case: 'F-Geheim', text: 'Nadelwort' }, limit: 1 });
    expect(first.entries).toHaveLength(1);
    await query({ filter: { case: 'F-Geheim', text: 'Nadelwort' }, since: first.newest });
    if (first.next) await query({ filter: { case: 'F-Geheim', text: 'Nadelwort' }, before: first.next });
    const read = (await readEvents('audit-read')).slice(before);
    expect(read).toHaveLength(1);
    expect(read[0]).toMatchObject({
      actor: `user:${team.auditor.id}`,
      workspace_id: workspace,
      address: '127.0.0.1',
      after: { filter: { case: true, text: true } },
    });
    expect(read[0]?.['session_id']).toBeTruthy();
    expect(JSON.stringify(await cluster.sql('select * from events'))).not.toMatch(/F-Geheim|Nadelwort/);
  });

  it('finds what a record was and is, by case, record, person, time, kind and text', async () => {
    const both = await query({ filter: { case: 'F-Geheim' } });
    expect(both.entries.every((entry) => entry.record === record)).toBe(true);
    expect(keysOf(both)).toEqual(keysOf(await query({ filter: { case: 'F-Neu' } })));
    expect(keysOf(both)).toEqual(keysOf(await query({ filter: { record } })));
    expect((await query({ filter: { case: 'F-nie' } })).entries).toEqual([]);
    const text = await query({ filter: { text: 'ÄRZTIN' } });
    expect(text.entries.map((entry) => entry.record)).toEqual([other]);
    expect((await query({ filter: { text: 'note' } })).entries).toEqual([]);
    const mine = await query({ filter: { actors: [`user:${team.editor.id}`], groups: ['record'] } });
    expect(mine.entries).toHaveLength(3);
    const [newest] = mine.entries;
    expect((await query({ filter: { from: newest?.at, kinds: ['record-changed'] } })).entries.length).toBeGreaterThan(
      0,
    );
    expect((await query({ filter: { to: '2020-01-01T00:00:00Z' } })).entries).toEqual([]);
  });

  it('holds sign-ins of members since they are members, and nobody else’s', async () => {
    const own = await cluster.addPerson('Sina Neu', { workspace, role: 'viewer' });
    const subject = `user:${own.id}`;
    const foreign = `user:${team.outsider.id}`;
    await cluster.sql(
      `insert into events (at, kind, actor, subject) values
        (now(), 'sign-in', $1, $1), (now() - interval '1 day', 'sign-in', $1, $1), (now(), 'sign-in', $2, $2)`,
      [subject, foreign],
    );
    const { entries } = await query({ filter: { kinds: ['sign-in'] } });
    expect(entries.filter((entry) => entry.subject === subject)).toHaveLength(1);
    expect(entries.filter((entry) => entry.subject === foreign)).toEqual([]);
    const whole = await query({ filter: { kinds: ['sign-in'] } }, team.installation, `${WHOLE}/query`);
    expect(whole.entries.filter((entry) => entry.subject === subject)).toHaveLength(2);
  });

  it('stays current: what comes later comes once', async () => {
    const first = await query({ filter: { groups: ['record'] } });
    expect((await query({ filter: { groups: ['record'] }, since: first.newest })).entries).toEqual([]);
    await cluster.api(team.editor).edit(workspace, {
      operation: 'operation-later',
      items: [{ record: other, baseVersion: 2, set: { note: 'später' } }],
    });
    const later = await query({ filter: { groups: ['record'] }, since: first.newest });
    expect(later.entries.map(({ operation }) => operation)).toEqual(['operation-later']);
    expect(later.next).toBeNull();
    expect((await query({ filter: { groups: ['record'] }, since: later.newest })).entries).toEqual([]);
  });

  it('all workspaces are in the list of the installation', async () => {
    const { entries } = await query({ limit: 500 }, team.installation, `${WHOLE}/query`);
    expect(new Set(entries.map((entry) => entry.workspace))).toEqual(new Set([workspace, elsewhere, null]));
    expect((await readEvents('audit-read')).at(-1)).toMatchObject({ workspace_id: null });
  });
});

describe('the oldest end', () => {
  it('R5.5 is begun at and read on from; it is one reading, and new entries are told as everywhere', async () => {
    const filter = { record };
    const newestFirst = await readAll(filter, 100);
    const reads = (await readEvents('audit-read')).length;
    const first = await query({ filter, limit: 2, end: 'oldest' });
    expect(keysOf(first)).toEqual(newestFirst.slice(-2).map(({ key }) => key));
    expect(first.next).toBe(null);
    const found = [...first.entries];
    let after = first.previous;
    while (after !== null) {
      const page: AuditPage = await query({ filter, limit: 2, after });
      found.unshift(...page.entries);
      expect(page.newest).toBe(first.newest);
      after = page.previous;
    }
    expect(found).toEqual(newestFirst);
    expect((await readEvents('audit-read')).length).toBe(reads + 1);
    expect(keysOf(await query({ filter, since: first.newest }))).toEqual([]);
  });
});

describe('bad input is told by its code', () => {
  it.each<[string, object, Parameters<typeof expectProblem>[1]]>([
    ['a filter that is none', { filter: { since: 'yesterday' } }, 'invalid-field'],
    ['a time that is none', { filter: { from: 'gestern' } }, 'invalid-field'],
    ['too much at once', { limit: 501 }, 'invalid-field'],
    ['nothing at all', { limit: 0 }, 'invalid-field'],
    ['a made-up cursor', { before: 'bm90aGluZw' }, 'cursor-unknown'],
    ['an end that is none', { end: 'middle' }, 'invalid-field'],
    ['a cursor that is none', { before: 'nicht lesbar!' }, 'invalid-field'],
    ['a text that no database holds', { filter: { text: 'a\u0000b' } }, 'invalid-field'],
  ])('%s', async (_, json, code) => {
    await expectProblem(await call(`${TRAIL}/query`, { as: team.auditor, method: 'POST', json }), code);
  });

  it('a cursor of another query, person or workspace, or of the other way', async () => {
    const { newest, next } = await query({ limit: 1 });
    const problem = async (json: object, code: Parameters<typeof expectProblem>[1], as = team.auditor) =>
      expectProblem(await call(`${TRAIL}/query`, { as, method: 'POST', json }), code);
    await problem({ filter: { record }, before: next }, 'cursor-of-another-query');
    await problem({ since: newest, filter: { text: 'x' } }, 'cursor-of-another-query');
    await problem({ before: next }, 'cursor-of-another-query', team.admin);
    await problem({ before: newest }, 'cursor-unknown');
    await problem({ since: next }, 'cursor-unknown');
    await problem({ after: next }, 'cursor-unknown');
    await problem({ after: next, before: next }, 'invalid-field');
    await problem({ since: newest, before: next }, 'invalid-field');
    const forged = `${next?.startsWith('A') ? 'B' : 'A'}${next?.slice(1)}`;
    await problem({ before: forged }, 'cursor-unknown');
  });
});

describe('exports', () => {
  const exported = async (format: string, filter: object = {}, language = 'de') => {
    const response = await call(`${TRAIL}/export`, {
      as: team.auditor,
      method: 'POST',
      json: { format, filter },
      headers: { 'accept-language': language },
    });
    expect(response.status).toBe(200);
    // As bytes: a text that is read from an answer has lost its byte order mark.
    return { text: Buffer.from(await response.arrayBuffer()).toString('utf8'), headers: response.headers };
  };

  it('R5.5 every format holds the same entries, oldest first, is on record before it begins, and says that it is whole', async () => {
    const { entries } = await query({ filter: { case: 'F-Neu' } });
    const expected = keysOf({ entries }).toReversed();
    const lines = (await exported('jsonl', { case: 'F-Neu' })).text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.slice(1, -1).map(({ shown }) => shown.key)).toEqual(expected);
    expect(lines.at(-1)).toEqual({ type: 'end', entries: expected.length });
    const csv = (await exported('csv', { case: 'F-Neu' })).text;
    expect(csv.startsWith('\uFEFFEintrag;Zeit (UTC);')).toBe(true);
    expect(csv.trimEnd().split('\r\n').at(-1)).toMatch(new RegExp(`^export-complete;${expected.length};;`));
    const bundle = JSON.parse((await exported('fhir', { case: 'F-Neu' })).text);
    expect(bundle.entry.map(({ resource }: { resource: { id: string } }) => resource.id.replace('-', ':'))).toEqual(
      expected,
    );
    const ndjson = (await exported('fhir-ndjson', { case: 'F-Neu' })).text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(ndjson.at(-1)).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ severity: 'information' }] });
    expect(ndjson.slice(0, -1)).toEqual(bundle.entry.map(({ resource }: { resource: object }) => resource));
    const told = (await readEvents('audit-exported')).slice(-4);
    expect(told.map(({ after }) => after)).toEqual(
      ['jsonl', 'csv', 'fhir', 'fhir-ndjson'].map((format) => ({ format, filter: { case: true } })),
    );
  });

  it('JSON Lines hold what is sealed as Postgres has it', async () => {
    const lines = (await exported('jsonl', { record })).text.trim().split('\n');
    const [line = ''] = lines.filter((one) => one.includes('operation-case'));
    const [row] = await cluster.sql(
      `select id, txid, jsonb_build_array(before, after)::text as content, ((extract(epoch from at) * 1000000)::bigint)::text as micros
       from changes where operation = 'operation-case'`,
    );
    expect(line.endsWith(`,"content":${String(row?.['content'])}}`)).toBe(true);
    expect(JSON.parse(line)).toMatchObject({
      source: 'c',
      id: row?.['id'],
      txid: row?.['txid'],
      micros: row?.['micros'],
      op: 'update',
    });
  });

  it('a long one is written page by page and is whole', async () => {
    await cluster.sql(
      `insert into events (kind, actor, workspace_id, after)
       select 'level-changed', 'system', $1, jsonb_build_object('level', repeat('x', 500), 'n', n) from generate_series(1, 2500) n`,
      [workspace],
    );
    const { text } = await exported('jsonl', { kinds: ['level-changed'] });
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.at(-1)).toEqual({ type: 'end', entries: 2500 });
    expect(lines.slice(1, -1).map(({ content }) => content[1].n)).toEqual(
      Array.from({ length: 2500 }, (_, n) => n + 1),
    );
  });

  it('R5.5 that breaks off says so at its end', async () => {
    // The reading of a second page fails: its entries are taken away from the application while the first is on its way.
    await cluster.sql(
      `insert into events (kind, actor, workspace_id, after)
       select 'entries-untold', 'system', $1, jsonb_build_object('node', repeat('x', 2000), 'count', n) from generate_series(1, 6000) n`,
      [workspace],
    );
    const response = await fetch(`${cluster.url()}/api/v1${TRAIL}/export`, {
      method: 'POST',
      headers: { authorization: `Bearer ${team.auditor.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ format: 'jsonl', filter: { kinds: ['entries-untold'] } }),
    });
    const reader = response.body?.getReader();
    const chunks = [(await reader?.read())?.value ?? new Uint8Array()];
    await cluster.sql('revoke select on events from meldesync_app');
    try {
      for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read())
        chunks.push(piece.value);
    } finally {
      await cluster.sql('grant select on events to meldesync_app');
    }
    const lines = Buffer.concat(chunks).toString('utf8').trim().split('\n');
    const last = JSON.parse(lines.at(-1) ?? '');
    expect(last).toMatchObject({ type: 'cut-off', code: 'export-cut-off', entries: lines.length - 2 });
    expect(last.entries).toBeLessThan(6000);
  });

  it('whose readers are gone leave room for others', async () => {
    for (let round = 0; round < 6; round++) {
      const gone = new AbortController();
      const response = await fetch(`${cluster.url()}/api/v1${TRAIL}/export`, {
        method: 'POST',
        signal: gone.signal,
        headers: { authorization: `Bearer ${team.auditor.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ format: 'jsonl' }),
      });
      expect(response.status).toBe(200);
      await response.body?.getReader().read();
      gone.abort();
      await eventually(async () => {
        const next = await call(`${TRAIL}/export`, {
          as: team.auditor,
          method: 'POST',
          json: { format: 'csv', filter: { record } },
        });
        expect(next.status).toBe(200);
        await next.text();
      });
    }
  });

  it('of a language: headings and words', async () => {
    expect((await exported('csv', { record }, 'en')).text.startsWith('\uFEFFEntry;Time (UTC);')).toBe(true);
  });
});

describe('the report of a case', () => {
  const report = (caseId: string) =>
    done<AuditReport>(`${TRAIL}/report`, { as: team.auditor, method: 'POST', json: { case: caseId } });

  it('R5.5 holds all of it, by its present and its former id, and who read it', async () => {
    await query({ filter: { record } });
    const found = auditReport.parse(await report('F-Geheim'));
    expect(found.recordIds).toEqual([record]);
    expect(found.records.map(({ id, caseId }) => [id, caseId])).toEqual([[record, 'F-Neu']]);
    expect(found.history.filter(({ key }) => key.startsWith('change:')).map(({ version }) => version)).toEqual([
      1, 2, 3,
    ]);
    expect(found.operations.map(({ operation, items }) => [operation, items.length])).toEqual([
      ['operation-case', 1],
      ['operation-moved', 1],
    ]);
    expect(found.readers.some(({ isNamed, kind }) => isNamed && kind === 'audit-read')).toBe(true);
    expect(found.isCut).toBe(false);
    const again = await report('F-Neu');
    expect(again.recordIds).toEqual([record]);
    expect(again.readers.filter(({ kind }) => kind === 'audit-reported').every(({ isNamed }) => isNamed)).toBe(true);
    expect((await readEvents('audit-reported')).at(-1)).toMatchObject({ after: { records: [record] } });
    expect(JSON.stringify(await readEvents('audit-reported'))).not.toContain('F-');
  });

  it('there is none of a case that never was', async () => {
    const before = (await readEvents('audit-reported')).length;
    const response = await call(`${TRAIL}/report`, { as: team.auditor, method: 'POST', json: { case: 'F-nie' } });
    await expectProblem(response, 'record-not-found');
    expect(await readEvents('audit-reported')).toHaveLength(before);
  });
});

it('pages are as they are described', async () => {
  expect(auditPage.parse(await query({ limit: 5 }))).toBeTruthy();
});
