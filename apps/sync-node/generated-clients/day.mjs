// What somebody writes who has nothing but `/api/openapi.json`, and what openapi-typescript and openapi-fetch make of it. `api.d.ts` is made anew
// by `generated-clients.test.ts`, which copies this beside it, has its types checked, and runs it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import createClient from 'openapi-fetch';

/** @typedef {import('./api.d.ts').paths} Paths */

const { MELDESYNC_URL: baseUrl = '', MELDESYNC_USER = '', MELDESYNC_COLLEAGUE = '', MELDESYNC_FILE = '' } = process.env;

/**
 * Signs in, and gives a client that does what it does as who has signed in.
 * @param {string} user e-mail address and password, with a space between
 */
async function signIn(user) {
  const [email = '', password = ''] = user.split(' ');
  /** @type {import('openapi-fetch').Client<Paths>} */
  const client = createClient({ baseUrl, headers: { origin: baseUrl } });
  const { response, error } = await client.POST('/api/auth/sign-in/email', {
    params: { header: { 'meldesync-session-kind': 'terminal' } },
    body: { email, password },
  });
  assert.equal(error, undefined);
  const token = response.headers.get('set-auth-token');
  client.use({
    onRequest: ({ request }) => {
      request.headers.set('authorization', `Bearer ${token}`);
      return request;
    },
  });
  return client;
}

const client = await signIn(MELDESYNC_USER);
const colleague = await signIn(MELDESYNC_COLLEAGUE);
const me = await client.GET('/api/v1/me');
const workspace = me.data?.workspaces[0]?.id ?? '';

// Pages.
const records = [];
/** @type {number | null} */
let after = 0;
while (after !== null) {
  /** @type {{ data?: import('./api.d.ts').components['schemas']['RecordPage'] }} */
  const { data } = await client.GET('/api/v1/workspaces/{workspace}/records', {
    params: { path: { workspace }, query: { after, limit: 4 } },
  });
  records.push(...(data?.records ?? []));
  after = data?.next ?? null;
}
const record = records[0]?.id ?? 0;
const path = { workspace, record };

// One field: what is not named stays.
const before = await client.GET('/api/v1/workspaces/{workspace}/records/{record}', { params: { path } });
const etag = before.response.headers.get('etag') ?? '';
const key = randomUUID();
const edit = () =>
  client.PATCH('/api/v1/workspaces/{workspace}/records/{record}', {
    params: { path, header: { 'if-match': etag, 'idempotency-key': key } },
    body: { note: 'von einem erzeugten Client' },
  });
const edited = await edit();
assert.equal(edited.data?.note, 'von einem erzeugten Client');
assert.equal(edited.data?.caseId, before.data?.caseId);

// Somebody else writes; the same request again has its first answer, and an edit on it is a conflict.
const theirs = await colleague.PATCH('/api/v1/workspaces/{workspace}/records/{record}', {
  params: { path, header: { 'if-match': edited.response.headers.get('etag') ?? '' } },
  body: { note: 'von jemand anderem' },
});
assert.equal(theirs.response.status, 200);
const again = await edit();
assert.deepEqual(again.data, edited.data);
assert.equal(again.response.headers.get('etag'), edited.response.headers.get('etag'));
const late = await client.PATCH('/api/v1/workspaces/{workspace}/records/{record}', {
  params: { path, header: { 'if-match': edited.response.headers.get('etag') ?? '' } },
  body: { done: false },
});
assert.equal(late.error?.code, 'version-conflict');

// A lock.
const lock = await client.POST('/api/v1/workspaces/{workspace}/locks', {
  params: { path: { workspace } },
  body: { records: [record] },
});
assert.equal(lock.data?.versions[0]?.record, record);
const lockPath = { workspace, lock: lock.data?.lock ?? '' };
const kept = await client.POST('/api/v1/workspaces/{workspace}/locks/{lock}/renewal', { params: { path: lockPath } });
assert.equal(kept.data?.lock, lock.data?.lock);
const refused = await colleague.POST('/api/v1/workspaces/{workspace}/locks', {
  params: { path: { workspace } },
  body: { records: [record] },
});
assert.equal(refused.error?.code, 'record-locked');
const ended = await client.DELETE('/api/v1/workspaces/{workspace}/locks/{lock}', { params: { path: lockPath } });
assert.equal(ended.response.status, 204);

// An import, sent twice.
const importKey = randomUUID();
const upload = () =>
  client.POST('/api/v1/workspaces/{workspace}/imports', {
    params: { path: { workspace }, header: { 'idempotency-key': importKey } },
    body: { file: [MELDESYNC_FILE] },
    bodySerializer: ({ file }) => {
      const form = new FormData();
      for (const content of file ?? []) form.append('file', new Blob([content]), 'tag.csv');
      return form;
    },
  });
const taken = await upload();
assert.deepEqual((await upload()).data, taken.data);
const imported = taken.data?.imports[0]?.id ?? '';
let status = taken.data?.imports[0]?.status;
while (status === 'queued' || status === 'running') {
  await sleep(200);
  const found = await client.GET('/api/v1/workspaces/{workspace}/imports/{import}', {
    params: { path: { workspace, import: imported } },
  });
  status = found.data?.status;
}
console.log(JSON.stringify({ records: records.length, status }));
