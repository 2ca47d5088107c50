import { createHash } from 'node:crypto';
import {
  DEVICE_CLIENT,
  type DeviceKeys,
  type MadeAccount,
  type MadeInvitation,
  SESSION_KIND_HEADER,
  type ServiceAccount,
  TOKEN_HEADER,
} from '@meldesync/protocol';
import {
  callHttp,
  eventually,
  listenToRedis,
  type RedisContents,
  readRedis,
  sampleCsv,
  sampleMeldebestaetigung,
  startCluster,
  type TestPerson,
} from '@meldesync/testkit';
import { Browsing, signInAtProvider, startTestProvider } from '@meldesync/testkit/single-sign-on';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CookieJar } from './cookie-jar.ts';
import { beginOneTimePasswords } from './one-time-passwords.ts';

const CHOSEN = 'viele-gelbe-Fahrraeder-7';
const NEXT = 'noch-mehr-blaue-Schiffe-11';
const CASE = 'F-77812345';
const NOTE = 'Rückruf Zebrafink am Montag';
const FILE = 'Lieferung-Zebrafink.csv';
const IMPORTED = 900;
/** Written to Redis by the test itself, so that it is known to find what is there. */
const CONTROL = 'a-token-that-somebody-has-left-there';

/** What opens a session, or leads to one, and what it is called here. */
const secrets = new Map<string, string>();
/** What the database is not asked to keep to itself: it must know it, and it opens no session. */
const told = new Map<string, string>();

const provider = await startTestProvider();
let oidc: ReturnType<typeof provider.configFor> | undefined;
const cluster = await startCluster({
  nodes: 2,
  sessionsOfNode: (_, authSecret) => {
    secrets.set('the secret of the nodes', authSecret);
    return {};
  },
  // It knows the first node.
  oidc: (baseUrl) => (oidc ??= provider.configFor(baseUrl)),
});
const listener = await listenToRedis(cluster.redis);
afterAll(async () => {
  listener[Symbol.dispose]();
  await cluster[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

const secretOf = ({ url }: { url: string }) => url.slice(url.indexOf('#') + 1);
const keepToken = (name: string, signed: string) => {
  const token = decodeURIComponent(signed);
  const [bare = ''] = token.split('.');
  secrets.set(name, token).set(`${name}, without its signature`, bare);
  told.set(`${name}, hashed`, createHash('sha256').update(bare).digest('hex'));
};
const done = async <Answer>(response: Promise<Response>): Promise<Answer> => {
  const answer = await response;
  const text = await answer.text();
  expect(answer.ok, `${answer.status} ${text}`).toBe(true);
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
};
const post = <Answer>(path: string, json: object, as?: TestPerson) =>
  done<Answer>(callHttp(cluster, path, { method: 'POST', json, as, headers: { origin: cluster.url() } }));

const addPerson = (name: string, role: 'editor' | 'admin' = 'editor') =>
  cluster.addPerson(name, { workspace: cluster.workspace, role });

/** A page: a form, a cookie, the keys of what its browser keeps, other passwords, right and wrong. */
async function signInBrowsers(): Promise<CookieJar> {
  const person = await addPerson('Berta Browser');
  const jar = new CookieJar(cluster);
  await done(jar.signIn(person.email, person.password));
  secrets.set('a password', person.password);
  keepToken('the cookie of a browser', /session_token=([^;]+)/.exec(jar.header)?.[1] ?? '');
  const keys = await done<DeviceKeys>(jar.post('/api/v1/me/device', { isShared: false }));
  secrets
    .set('the key of a copy', keys.copyKey ?? '')
    .set('the key of edits that wait', keys.sealing[0]?.privateKey ?? '');
  expect((await jar.signIn(person.email, `${NEXT}, mistyped`)).ok).toBe(false);
  await done(jar.post('/api/v1/me/password', { current: person.password, new: CHOSEN }));
  secrets.set('a password that was chosen', CHOSEN).set('a password that was mistyped', `${NEXT}, mistyped`);
  keepToken('the cookie of a browser after that', /session_token=([^;]+)/.exec(jar.header)?.[1] ?? '');
  return jar;
}

async function signInWithCodes(): Promise<void> {
  const person = await addPerson('Zoe Zweifach');
  const jar = new CookieJar(cluster);
  await jar.signIn(person.email, person.password);
  const app = await beginOneTimePasswords(jar, person.password);
  await done(jar.post('/api/auth/two-factor/verify-totp', { code: app.code() }));
  secrets.set('a secret of one-time passwords', app.secret);
  for (const code of app.recoveryCodes) secrets.set(`the recovery code ${code}`, code);
}

/** A terminal that asks in the browser, and one that asks for the password. */
async function signInTerminals(jar: CookieJar): Promise<void> {
  const asked = await post<{ device_code: string; user_code: string }>('/api/auth/device/code', {
    client_id: DEVICE_CLIENT,
  });
  secrets.set('the code of a terminal', asked.device_code);
  told.set('the code that a person types', asked.user_code);
  await done(jar.post('/api/v1/device-sign-ins/allow', { code: asked.user_code }));
  const { access_token } = await post<{ access_token: string }>('/api/auth/device/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: asked.device_code,
    client_id: DEVICE_CLIENT,
  });
  keepToken('the token of a terminal', access_token);
  const { email, password } = await addPerson('Tom Terminal');
  const signedIn = await callHttp(cluster, '/api/auth/sign-in/email', {
    method: 'POST',
    headers: { origin: cluster.url(), [SESSION_KIND_HEADER]: 'terminal' },
    json: { email, password },
  });
  keepToken('the token of a terminal with a password', signedIn.headers.get(TOKEN_HEADER) ?? '');
}

async function signInBySingleSignOn(): Promise<void> {
  const { email } = await addPerson('Ona Anbieter');
  provider.accounts.set('ona', { email, email_verified: true });
  const browsing = new (class extends Browsing {
    override request(...given: Parameters<Browsing['request']>): Promise<Response> {
      const url = new URL(given[0]);
      if (url.pathname.endsWith('/callback/oidc'))
        for (const name of ['code', 'state']) told.set(`${name} of the provider`, url.searchParams.get(name) ?? '');
      return super.request(...given);
    }
  })();
  expect(await signInAtProvider(browsing, cluster.url(), 'ona')).toBe('/');
  keepToken(
    'the cookie after single sign-on',
    /session_token=([^;]+)/.exec(browsing.cookiesOf(cluster.url()))?.[1] ?? '',
  );
  secrets.set('what the provider knows us by', oidc?.clientSecret ?? '');
  const [row] = await cluster.sql('select provider_token from auth.session where provider_token is not null');
  told.set('the ID token', String(row?.['provider_token']));
}

/** Links that work once, used and unused, and the token of a program. */
async function administer(admin: TestPerson): Promise<void> {
  const inWorkspace = (path: string) => `/api/v1/administration/workspaces/${cluster.workspace}${path}`;
  await cluster.sql('update auth."user" set is_installation_admin = true where id = $1', [admin.id]);
  for (const what of ['used', 'unused']) {
    const email = `${what}@klinik.example`;
    const invited = await post<MadeInvitation>(inWorkspace('/invitations'), { email, role: 'editor' }, admin);
    secrets.set(`the link of an invitation, ${what}`, secretOf(invited.link));
    const made = await post<MadeAccount>(
      '/api/v1/administration/accounts',
      { name: 'Nora Neu', email: `neu-${email}` },
      admin,
    );
    secrets.set(`the link to a password, ${what}`, secretOf(made.link));
    if (what === 'unused') continue;
    const json = { secret: secretOf(invited.link), name: 'Ina Neu', password: NEXT };
    await post('/api/v1/invitations/accept', json);
    await post('/api/v1/password-links/use', { secret: secretOf(made.link), password: NEXT });
    secrets.set('a password by a link', NEXT);
  }
  const program = await post<ServiceAccount>(
    inWorkspace('/service-accounts'),
    { name: 'Bericht', role: 'viewer' },
    admin,
  );
  const { secret } = await post<{ secret: string }>(
    inWorkspace(`/service-accounts/${program.member.id}/tokens`),
    { label: 'Nachts', maxRole: 'viewer', expiresAt: new Date(Date.now() + 86_400_000).toISOString() },
    admin,
  );
  keepToken('the token of a program', secret);
}

/** People on both nodes who see each other, lock, edit and import. */
async function work(admin: TestPerson): Promise<void> {
  const [record = 0] = await cluster.addRecords(1, { caseId: CASE });
  const anna = await addPerson('Anna Arbeit');
  const ben = await addPerson('Ben Arbeit');
  for (const person of [admin, anna, ben]) keepToken(`the token of ${person.name}`, person.token);
  const clients = [
    cluster.client(anna, { node: 0, kind: 'web' }),
    cluster.client(ben, { node: 1, kind: 'cli' }),
  ] as const;
  const [first, second] = clients;
  for (const client of clients) client.start();
  await eventually(() => expect(clients.map(({ connection }) => connection.name)).toEqual(['live', 'live']));
  await first.lock([record]);
  await eventually(() => expect(second.locks.get(record)).toBeDefined());
  const version = first.store.get(record)?.version ?? 0;
  expect(await first.edit([{ record, baseVersion: version, set: { note: NOTE } }])).toMatchObject([
    { outcome: 'accepted' },
  ]);
  await eventually(() => expect(second.store.get(record)?.note).toBe(NOTE));
  const api = cluster.api(anna);
  const [taken] = await api.uploadImports(cluster.workspace, [
    { name: FILE, content: new Blob([sampleCsv(50, IMPORTED)]) },
  ]);
  await eventually(async () => expect((await api.import(cluster.workspace, taken?.id ?? '')).status).toBe('finished'));
  await eventually(() => expect(second.store.size).toBe(51));
}

/** How somebody who searches may find a text. */
const formsOf = (text: string) => [
  ...[text, encodeURIComponent(text)].map((form) => Buffer.from(form)),
  ...(['hex', 'base64', 'base64url'] as const).map((form) =>
    Buffer.from(Buffer.from(text).toString(form).replace(/=+$/, '')),
  ),
];
const isIn = (place: Buffer | string, text: string) => {
  const bytes = Buffer.from(place as string);
  return formsOf(text).some((form) => bytes.includes(form));
};
const foundIn = (place: Buffer | string, texts: ReadonlyMap<string, string>) =>
  [...texts].filter(([, text]) => isIn(place, text)).map(([name]) => name);

let contents: RedisContents;
let heard: string[];

beforeAll(async () => {
  const admin = await addPerson('Adele Leitung', 'admin');
  await signInTerminals(await signInBrowsers());
  await signInWithCodes();
  await signInBySingleSignOn();
  await administer(admin);
  await work(admin);
  await cluster.redis.command('XADD', 'control', '*', 'field', CONTROL);
  // Two people are connected, and one holds a lock.
  contents = await readRedis(cluster.redis);
  heard = await listener.heard();
}, 120_000);

describe('Redis, after people have signed in and worked', () => {
  it('was told of the work: of edits, locks, who is here, and imports', () => {
    for (const part of [':feed2:', ':locks', ':presence', ':status:', ':jobs:imports:'])
      expect(
        [...contents.keys.keys()].filter((key) => key.includes(part)),
        part,
      ).not.toEqual([]);
    expect(heard.filter((line) => line.includes(':lock:'))).not.toEqual([]);
    for (const place of [contents.file, contents.keys.get('control') ?? '', heard.join('\n')])
      expect(isIn(place, CONTROL)).toBe(true);
    for (const [name, secret] of [...secrets, ...told]) expect(secret.length, name).toBeGreaterThan(7);
  });

  it('holds nothing that opens a session, in its file or in a key', () => {
    expect(foundIn(contents.file, new Map([...secrets, ...told]))).toEqual([]);
    for (const [key, bytes] of contents.keys) {
      expect(foundIn(key, secrets), key).toEqual([]);
      expect(foundIn(bytes, new Map([...secrets, ...told])), key).toEqual([]);
    }
  });

  it('was never told of anything that opens a session, also not for a moment or to pass it on', () => {
    expect(foundIn(heard.join('\n'), new Map([...secrets, ...told]))).toEqual([]);
  });

  const content = new Map([
    ['a case id', CASE],
    ['a note', NOTE],
    ['a Vorgangsnummer', sampleMeldebestaetigung(1).vorgangsnummer],
    ['an imported Vorgangsnummer', sampleMeldebestaetigung(IMPORTED).vorgangsnummer],
    ['a Meldebestätigung', sampleMeldebestaetigung(IMPORTED).ibe],
  ]);

  const names = new Map(
    ['Anna Arbeit', 'Ben Arbeit', 'klinik.example', 'test.example', FILE].map((name) => [name, name]),
  );

  it('holds what was entered in the streams of frames alone, and neither names of people nor of files', () => {
    const holders = [...contents.keys].filter(([, bytes]) => foundIn(bytes, content).length > 0).map(([key]) => key);
    expect(holders.length).toBeGreaterThan(0);
    for (const key of holders) expect(key).toMatch(/^test:\{[\w-]+\}:feed2:/);
    for (const key of contents.keys.keys()) expect(foundIn(key, content), key).toEqual([]);
    expect(foundIn(contents.file, names)).toEqual([]);
  });

  it('passes on what was entered in frames alone, and names of files to the screens that show them', () => {
    const lines = heard.filter((line) => foundIn(line, content).length > 0);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/:(feed2:|frames")/);
    for (const line of heard.filter((one) => foundIn(one, names).length > 0))
      expect(line).toMatch(/"publish" "test:\{[\w-]+\}:notices"/);
  });
});

it('the rows of the database open no session either', async () => {
  const tables = await cluster.sql(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const rows: string[] = [];
  for (const { name } of tables)
    for (const { row } of await cluster.sql(`select t::text as row from ${String(name)} t`)) rows.push(String(row));
  const dump = rows.join('\n');
  expect(dump).toContain(CASE);
  expect(dump).toContain(told.get('the token of a program, hashed'));
  expect(foundIn(dump, secrets)).toEqual([]);
});
