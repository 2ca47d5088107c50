import { API_PREFIX, type EditOutcome, type SyncedRecord } from '@meldesync/protocol';
import { eventually, expectProblem, openTransaction, type TestPerson } from '@meldesync/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';

const JSON_TYPE = 'application/json';
const UNKNOWN_IMPORT = '11111111-1111-4111-8111-111111111111';

const { cluster, anna, record, call, inWorkspace } = await setUpApi({ importLimits: { maxBytes: 1_024 * 1_024 } });

async function current(): Promise<SyncedRecord> {
  return (await (await call(inWorkspace(`/records/${record}`))).json()) as SyncedRecord;
}

async function patch(set: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return patchFrom((await current()).version, set, headers);
}

function patchFrom(version: number, set: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return call(inWorkspace(`/records/${record}`), {
    method: 'PATCH',
    headers: { 'if-match': `"${version}"`, ...headers },
    json: set,
  });
}

const upload = (name = 'test.csv', content = 'x') => {
  const form = new FormData();
  form.append('file', new Blob([content]), name);
  return form;
};

describe('a record that another program has locked', () => {
  it('R3.4 is answered for within a bounded time, and keeps nobody else waiting', async () => {
    const { version } = await current();
    await using open = await openTransaction(cluster.database.ownerUrl);
    await open.query('select 1 from records where id = $1 for update', [record]);
    // More than the node has connections to Postgres.
    const waiting = Array.from({ length: 12 }, (_, n) => patchFrom(version, { note: `waits ${n}` }));
    expect((await call(`${API_PREFIX}/me`)).status).toBe(200);
    for (const response of await Promise.all(waiting)) await expectProblem(response, 'unavailable');
    await open.rollback();
    // What was told that it may not have been carried out may be carried out now.
    await eventually(async () => expect((await patch({ note: 'free again' })).status).toBe(200));
  });
});

describe('versions', () => {
  it('R2.5 the ETag of a record is its version, and an edit needs it', async () => {
    const response = await call(inWorkspace(`/records/${record}`));
    const { version } = (await response.json()) as SyncedRecord;
    expect(response.headers.get('etag')).toBe(`"${version}"`);
    const edited = await patch({ note: 'with its version' });
    expect(edited.status).toBe(200);
    expect(edited.headers.get('etag')).toBe(`"${version + 1}"`);
    expect(await edited.json()).toMatchObject({
      note: 'with its version',
      version: version + 1,
      updatedBy: `user:${anna.id}`,
    });
  });

  it('P61 R2.5 whatever stands there now is no version: nothing is written', async () => {
    await expectProblem(await patch({ note: 'blind' }, { 'if-match': '*' }), 'precondition-required');
    expect((await current()).note).not.toBe('blind');
  });

  it('R2.5 without If-Match nothing is written', async () => {
    const response = await call(inWorkspace(`/records/${record}`), { method: 'PATCH', json: { note: 'blind' } });
    await expectProblem(response, 'precondition-required');
    expect((await current()).note).not.toBe('blind');
  });

  it.each(['1', '"0"', '"-1"', '"x", "y"', '"x"', '""', '"99999999999999999999"'])(
    'R2.5 If-Match %s names no version',
    async (value) => {
      await expectProblem(await patch({ note: 'blind' }, { 'if-match': value }), 'version-unknown');
      expect((await current()).note).not.toBe('blind');
    },
  );

  it('R2.5 of several versions the edit is based on the one that the record is at', async () => {
    const { version } = await current();
    const edited = await patch({ note: 'one of them' }, { 'if-match': `"1", "${version}", "99999"` });
    expect(edited.status).toBe(200);
    expect(edited.headers.get('etag')).toBe(`"${version + 1}"`);
    const { conflict } = await expectProblem(
      await patch({ note: 'none of them' }, { 'if-match': `"1", "${version}", "99999"` }),
      'version-conflict',
    );
    expect(conflict).toMatchObject({ baseVersion: version, current: { version: version + 1 } });
    expect((await current()).note).toBe('one of them');
  });

  it('R2.5 with several versions a repeated edit is the same as before', async () => {
    const { version } = await current();
    const headers = { 'if-match': `"${version}", "${version + 1}"`, 'idempotency-key': crypto.randomUUID() };
    for (let attempt = 0; attempt < 2; attempt++) {
      const response = await patchFrom(version, { note: 'a list, twice' }, headers);
      expect([response.status, response.headers.get('etag')]).toEqual([200, `"${version + 1}"`]);
    }
  });

  it('R2.1 R2.2 an old version is a conflict with the record as it stands', async () => {
    const before = await current();
    await cluster.sql(`update records set note = 'someone was first' where id = $1`, [record]);
    const { conflict } = await expectProblem(
      await patch({ note: 'mine' }, { 'if-match': `"${before.version}"` }),
      'version-conflict',
    );
    expect(conflict).toMatchObject({
      record,
      outcome: 'conflict',
      baseVersion: before.version,
      current: { version: before.version + 1, note: 'someone was first', updatedBy: 'db:postgres' },
    });
  });
});

describe('edits', () => {
  // Those that tests of edits have added.
  afterAll(() => cluster.sql('delete from records where id > $1', [record + 2]));

  it('a repeated Idempotency-Key is answered as the first time and writes once', async () => {
    const { version } = await current();
    const headers = { 'if-match': `"${version}"`, 'idempotency-key': 'key-of-a-test' };
    for (let attempt = 0; attempt < 3; attempt++) {
      const response = await patch({ note: 'once' }, headers);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ version: version + 1, note: 'once' });
    }
    await expectProblem(await patch({ note: 'something else' }, headers), 'operation-reused');
  });

  it('R2.1 a repeated Idempotency-Key has its first answer, whatever others have written since', async () => {
    const [id = 0] = await cluster.addRecords(1, { first: 300 });
    const path = inWorkspace(`/records/${id}`);
    const headers = { 'if-match': '"1"', 'idempotency-key': crypto.randomUUID() };
    const send = async () => {
      const response = await call(path, { method: 'PATCH', headers, json: { note: 'mine', caseId: 'F-1' } });
      return { status: response.status, etag: response.headers.get('etag'), body: await response.text() };
    };
    const first = await send();
    expect([first.status, first.etag]).toEqual([200, '"2"']);
    await cluster.sql(`update records set note = 'a colleague''s' where id = $1`, [id]);
    await cluster.sql('update records set case_id = null where id = $1', [id]);
    expect(await send()).toEqual(first);
    // Who took that for the present state is told so, and overwrites nothing.
    const next = await call(path, {
      method: 'PATCH',
      headers: { 'if-match': first.etag ?? '' },
      json: { note: 'more' },
    });
    await expectProblem(next, 'version-conflict');
    await cluster.sql('delete from records where id = $1', [id]);
    expect(await send()).toEqual(first);
  });

  it('an edit that changes nothing has its first answer again too', async () => {
    const [id = 0] = await cluster.addRecords(1, { first: 301 });
    const headers = { 'if-match': '"1"', 'idempotency-key': crypto.randomUUID() };
    const send = async () => {
      const response = await call(inWorkspace(`/records/${id}`), { method: 'PATCH', headers, json: { done: false } });
      return [response.status, response.headers.get('etag'), await response.text()];
    };
    const first = await send();
    expect(first.slice(0, 2)).toEqual([200, '"1"']);
    await cluster.sql(`update records set note = 'since' where id = $1`, [id]);
    expect(await send()).toEqual(first);
  });

  it('R2.1 a refusal under a key is given again too', async () => {
    const [id = 0] = await cluster.addRecords(1, { first: 302 });
    await cluster.sql(`update records set note = 'first' where id = $1`, [id]);
    const headers = { 'if-match': '"1"', 'idempotency-key': crypto.randomUUID() };
    const send = async () => {
      const options = { method: 'PATCH', headers, json: { note: 'mine' } };
      return expectProblem(await call(inWorkspace(`/records/${id}`), options), 'version-conflict');
    };
    const first = await send();
    await cluster.sql(`update records set note = 'second' where id = $1`, [id]);
    expect(await send()).toEqual(first);
  });

  it('an edit writes the fields that it names and no other', async () => {
    const [id = 0] = await cluster.addRecords(1, { first: 303 });
    await cluster.sql(`update records set note = 'stays', case_id = 'F-3' where id = $1`, [id]);
    const response = await call(inWorkspace(`/records/${id}`), {
      method: 'PATCH',
      headers: { 'if-match': '"2"' },
      json: { done: false, assignee: anna.id },
    });
    expect(await response.json()).toMatchObject({ note: 'stays', caseId: 'F-3', assignee: anna.id, version: 3 });
  });

  it('several edits under one operation have their first outcomes again, and write once', async () => {
    const ids = await cluster.addRecords(2, { first: 304 });
    const operation = crypto.randomUUID();
    const items = ids.map((id) => ({ record: id, baseVersion: 1, set: { note: 'together' } }));
    const send = async () => {
      const response = await call(inWorkspace('/edits'), { method: 'POST', json: { operation, items } });
      return [response.status, await response.text()];
    };
    const first = await send();
    await cluster.sql(`update records set note = 'since' where id = any($1)`, [ids]);
    expect(await send()).toEqual(first);
  });

  it.each(['short', 'with spaces in it', 'x'.repeat(65)])('an Idempotency-Key %s is refused', async (key) => {
    await expectProblem(await patch({ note: 'x' }, { 'idempotency-key': key }), 'bad-request');
  });

  it('R2.2 several records have an outcome each', async () => {
    const { version } = await current();
    const response = await call(inWorkspace('/edits'), {
      method: 'POST',
      json: {
        operation: 'several-records',
        items: [
          { record: 999_999, baseVersion: 1, set: { note: 'a' } },
          { record, baseVersion: version, set: { note: 'several' } },
          { record: record + 1, baseVersion: 9, set: { note: 'a' } },
        ],
      },
    });
    expect(response.status).toBe(200);
    const { operation, outcomes } = (await response.json()) as { operation: string; outcomes: EditOutcome[] };
    expect(operation).toBe('several-records');
    expect(outcomes).toEqual([
      { record: 999_999, outcome: 'rejected', code: 'record-not-found' },
      { record, outcome: 'accepted', version: version + 1 },
      { record: record + 1, outcome: 'rejected', code: 'version-unknown' },
    ]);
  });

  it.each([
    ['an unknown field', { ibe: 'IBE+' }, ''],
    ['a field of another type', { done: 'yes' }, 'done'],
    ['a text too long', { caseId: 'x'.repeat(65) }, 'caseId'],
    ['no field at all', {}, ''],
    ['a list', [], ''],
    ['null', null, ''],
  ])('%s is refused with the place', async (_, body, path) => {
    const { errors } = await expectProblem(await patch(body), 'invalid-field');
    expect(errors?.map((error) => error.path)).toContain(path);
    expect(errors?.every((error) => error.message !== '')).toBe(true);
  });

  it('names the item and the field of an edit of several', async () => {
    const response = await call(inWorkspace('/edits'), {
      method: 'POST',
      json: {
        operation: 'bad-second-item',
        items: [
          { record, baseVersion: 1, set: { note: 'a' } },
          { record, baseVersion: 1, set: { note: 7 } },
        ],
      },
    });
    const { errors } = await expectProblem(response, 'invalid-field');
    expect(errors?.map((error) => error.path)).toEqual(['items.1.set.note']);
  });

  it.each([
    ['no JSON', '{"note":', JSON_TYPE],
    ['nothing', '', JSON_TYPE],
  ])('%s is refused', async (_, body, type) => {
    const response = await call(inWorkspace(`/records/${record}`), {
      method: 'PATCH',
      headers: { 'if-match': '"1"', 'content-type': type },
      body,
    });
    await expectProblem(response, 'bad-request');
  });

  it.each(['text/plain', 'application/merge-patch+xml', 'application/x-www-form-urlencoded'])(
    'P61 a body of type %s changes nothing',
    async (type) => {
      const before = await current();
      const response = await call(inWorkspace(`/records/${record}`), {
        method: 'PATCH',
        headers: { 'if-match': `"${before.version}"`, 'content-type': type },
        body: '{"note":"plain"}',
      });
      await expectProblem(response, 'unsupported-media-type');
      expect(await current()).toEqual(before);
    },
  );

  it.each<[string, () => unknown]>([
    ['each of many items', () => ({ operation: 'operation-1', items: Array(50_000).fill(0) })],
    ['the names of many fields', () => Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`field-${n}`, 1]))],
    ['a long name', () => ({ ['x'.repeat(500_000)]: 1 })],
    ['names of many items’ fields', () => ({ items: Array.from({ length: 400 }, () => ({ ['y'.repeat(2_000)]: 1 })) })],
  ])('a refusal does not repeat %s', async (_, json) => {
    for (const response of [await patch(json()), await call(inWorkspace('/edits'), { method: 'POST', json: json() })]) {
      const { errors = [] } = await expectProblem(response, 'invalid-field');
      expect(errors.length).toBeGreaterThan(0);
      expect(JSON.stringify(errors).length).toBeLessThan(5_000);
    }
  });

  it('a text that cannot be stored is refused', async () => {
    await expectProblem(await patch({ note: 'a\0b' }), 'invalid-field');
    await expectProblem(await patch({ caseId: 'F\u200b1' }), 'invalid-field');
  });

  it('more than 1 MiB is refused, and the next one is answered', async () => {
    await expectProblem(await patch({ note: 'x'.repeat(1_100_000) }), 'payload-too-large');
    expect((await patch({ note: 'short again' })).status).toBe(200);
  });
});

describe('imports', () => {
  it('need a file', async () => {
    const form = new FormData();
    form.append('file', 'not a file');
    await expectProblem(await call(inWorkspace('/imports'), { method: 'POST', body: form }), 'no-file');
    await expectProblem(await call(inWorkspace('/imports'), { method: 'POST', body: new FormData() }), 'no-file');
  });

  it('need a form', async () => {
    const response = await call(inWorkspace('/imports'), {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: 'Vorgangsnummer,Meldebestaetigung\n',
    });
    await expectProblem(response, 'unsupported-media-type');
  });

  it.each([
    ['without a boundary', 'multipart/form-data', 'x'],
    ['that is cut off', 'multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="file"'],
  ])('a form %s cannot be read', async (_, type, body) => {
    const response = await call(inWorkspace('/imports'), { method: 'POST', headers: { 'content-type': type }, body });
    await expectProblem(response, 'bad-request');
  });

  it('more than four of the largest files at a time are refused', async () => {
    const response = await call(inWorkspace('/imports'), {
      method: 'POST',
      body: upload('large.csv', 'x'.repeat(4 * 1_024 * 1_024 + 1)),
    });
    await expectProblem(response, 'payload-too-large');
  });

  it('of several files that are large each arrives as it was sent', async () => {
    const contents = ['a', 'b', 'c'].map((letter) => letter.repeat(1_024 * 1_024));
    const form = new FormData();
    for (const content of contents) form.append('file', new Blob([content]), `${content[0]}.csv`);
    const response = await call(inWorkspace('/imports'), { method: 'POST', body: form });
    expect(response.status).toBe(202);
    const { imports } = (await response.json()) as { imports: { id: string }[] };
    const kept = imports.map(async ({ id }) => {
      const rows = await cluster.sql('select bytes from import_chunks where import_id = $1 order by position', [id]);
      return Buffer.concat(rows.map(({ bytes }) => bytes as Buffer)).toString();
    });
    expect((await Promise.all(kept)).map((content, index) => content === contents[index])).toEqual([true, true, true]);
  });

  it.each<[string, 'unauthenticated' | 'foreign-origin', Record<string, string>]>([
    ['nobody', 'unauthenticated', {}],
    ['who has no session', 'unauthenticated', { authorization: 'Bearer none' }],
    ['a foreign page', 'foreign-origin', { origin: 'https://elsewhere.example' }],
  ])('are not taken from %s, however large', async (_, code, headers) => {
    const body = upload('large.csv', 'x'.repeat(3 * 1_024 * 1_024));
    await expectProblem(await call(inWorkspace('/imports'), { as: undefined, method: 'POST', headers, body }), code);
    const beyond = upload('large.csv', 'x'.repeat(5 * 1_024 * 1_024));
    const response = await call(inWorkspace('/imports'), { as: undefined, method: 'POST', headers, body: beyond });
    await expectProblem(response, code);
  });

  it('more than 100 files at a time are refused', async () => {
    const form = new FormData();
    for (let count = 0; count <= 100; count++) form.append('file', new Blob(['x']), `${count}.csv`);
    await expectProblem(await call(inWorkspace('/imports'), { method: 'POST', body: form }), 'payload-too-large');
  });

  it('R2.4 sent again under their key are taken once, and have their first answer again', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const send = async (files: readonly [name: string, content: string][] = FILES, as: TestPerson = anna) => {
      const body = new FormData();
      for (const [name, content] of files) body.append('file', new Blob([content]), name);
      return call(inWorkspace('/imports'), { method: 'POST', headers, body, as });
    };
    const FILES: [string, string][] = [
      ['one.csv', 'x'],
      ['two.csv', 'x'.repeat(1_024 * 1_024 + 1)],
      ['three.csv', 'y'],
    ];
    const answers = await Promise.all([send(), send()]);
    const [first, second] = await Promise.all(answers.map((answer) => answer.text()));
    expect([answers.map(({ status }) => status), second]).toEqual([[202, 202], first]);
    const { imports } = JSON.parse(first ?? '') as { imports: { id: string; status: string; error: object | null }[] };
    expect(imports.map(({ status }) => status)).toEqual(['queued', 'failed', 'queued']);
    // Whatever has become of it since.
    const [{ id } = { id: '' }] = imports;
    await cluster.sql(
      `update imports set status = 'finished', rows_new = 7, rows_total = 7, finished_at = now() where id = $1`,
      [id],
    );
    expect(await (await send()).text()).toBe(first);
    const kept = await cluster.sql('select count(*)::int as count from imports where operation = $1', [
      headers['idempotency-key'],
    ]);
    expect(kept).toEqual([{ count: 3 }]);
    for (const files of [FILES.slice(0, 2), FILES.toReversed(), [...FILES, ['four.csv', 'z']] as [string, string][]])
      await expectProblem(await send(files), 'operation-reused');
    const ben = await cluster.addPerson('Ben', { workspace: cluster.workspace, role: 'editor' });
    await expectProblem(await send(FILES, ben), 'operation-reused');
  });

  it('say where they are, and are listed by pages', async () => {
    const one = await call(inWorkspace('/imports'), { method: 'POST', body: upload('placed.csv') });
    const {
      imports: [placed],
    } = (await one.json()) as { imports: { id: string }[] };
    const location = one.headers.get('location') ?? '';
    expect(location).toBe(inWorkspace(`/imports/${placed?.id}`));
    expect(await (await call(location)).json()).toMatchObject({ id: placed?.id });
    const two = new FormData();
    for (const name of ['a.csv', 'b.csv']) two.append('file', new Blob(['x']), name);
    const both = await call(inWorkspace('/imports'), { method: 'POST', body: two });
    expect(both.headers.get('location')).toBe(inWorkspace('/imports'));

    const all = (await (await call(inWorkspace('/imports'))).json()) as { imports: { id: string }[]; next: null };
    expect(all.next).toBeNull();
    const seen: string[] = [];
    let address: string | undefined = inWorkspace('/imports?limit=2');
    while (address !== undefined) {
      const response: Response = await call(address);
      seen.push(...((await response.json()) as { imports: { id: string }[] }).imports.map(({ id }) => id));
      address = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
    }
    expect(seen).toEqual(all.imports.map(({ id }) => id));
    expect(seen.length).toBeGreaterThan(3);
  });

  it('of others are not there', async () => {
    const [taken] = await cluster.api(anna).uploadImports(cluster.workspace, [{ name: 'a', content: new Blob(['x']) }]);
    const others = await cluster.addWorkspace('Zweitklinik');
    const olga = await cluster.addPerson('Olga', { workspace: others, role: 'admin' });
    const path = inWorkspace(`/imports/${taken?.id}`, others);
    await expectProblem(await call(path, { as: olga }), 'import-not-found');
    await expectProblem(await call(`${path}/rows`, { as: olga }), 'import-not-found');
  });
});

describe('pages', () => {
  it('R4.2 follow on each other, and each says where the feed stood', async () => {
    const ids: number[] = [];
    let after: number | null = 0;
    while (after !== null) {
      const response = await call(inWorkspace(`/snapshot?after=${after}&limit=1`));
      const page = (await response.json()) as {
        cursor: string;
        records: SyncedRecord[];
        next: number | null;
        total: number;
      };
      expect(page.cursor).toMatch(/^[0-9a-f]{8}:\d+-\d+$/);
      expect(page.total).toBe(3);
      ids.push(...page.records.map(({ id }) => id));
      after = page.next;
    }
    expect(ids).toEqual([record, record + 1, record + 2]);
  });

  it.each([
    '/snapshot?after=-1',
    '/snapshot?limit=0',
    '/snapshot?limit=5001',
    '/snapshot?after=x',
    '/records?after=1e400',
    '/records/0',
    '/records/x',
    '/records/1.5',
    '/records/99999999999999999999',
    '/imports/not-a-uuid',
  ])('%s is refused', async (path) => {
    await expectProblem(await call(inWorkspace(path)), 'bad-request');
  });

  it.each([
    () => `/records/${record}/history?before=9007199254740991`,
    () => `/imports/${UNKNOWN_IMPORT}/rows?after=9007199254740991`,
    () => '/records?after=9007199254740991',
    () => '/snapshot?after=9007199254740991',
    () => '/records/9007199254740991',
  ])('a number that no row can have is no error of the server', async (path) => {
    const { status } = await call(inWorkspace(path()));
    expect([200, 400, 404]).toContain(status);
  });

  it('R5.1 the history of a record is there after it was deleted too', async () => {
    const [id = 0] = await cluster.addRecords(1, { first: 700 });
    await cluster.sql('delete from records where id = $1', [id]);
    await expectProblem(await call(inWorkspace(`/records/${id}`)), 'record-not-found');
    const { entries } = await cluster.api(anna).history(cluster.workspace, id);
    expect(entries.map(({ op, version, by }) => [op, version, by])).toEqual([
      ['delete', 2, 'db:postgres'],
      ['insert', 1, 'db:postgres'],
    ]);
    await expectProblem(await call(inWorkspace('/records/999999/history')), 'record-not-found');
  });
});
