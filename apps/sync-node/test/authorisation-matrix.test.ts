import { setTimeout as sleep } from 'node:timers/promises';
import {
  API_PREFIX,
  CLOSE_CODES,
  type DownMessage,
  MESSAGE_ACCESS,
  type Problem,
  type UpMessage,
  upMessage,
} from '@meldesync/protocol';
import {
  type Cluster,
  callHttp,
  connectRaw,
  cookieOf,
  eventually,
  type HttpCall,
  type RawSocket,
} from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';
import { age, setUpAdministration } from './administration-setup.ts';
import {
  expectedOf,
  expectedOfMessage,
  forEach,
  type MessageRefusal,
  REFUSALS,
  type Refusal,
} from './matrix-expected.ts';
import { NOBODY, sampleRequests, signInRequest, UNKNOWN } from './matrix-requests.ts';
import { type MatrixRoute, matrixRoutes } from './matrix-routes.ts';
import { addSubjects, SUBJECTS, type Subject } from './matrix-subjects.ts';

const { cluster } = await setUpAdministration();
const strict = await setUpAdministration({ requiresSecondFactor: true });
const subjects = await addSubjects(cluster);
const [record = 0] = await cluster.addRecords(1);
const samples = sampleRequests(record);
/** An admin of the workspace who administers the installation too. */
async function addAllPowerful(name: string) {
  const person = await cluster.addPerson(name, { workspace: cluster.workspace, role: 'admin' });
  await cluster.sql('update auth."user" set is_installation_admin = true where id = $1', [person.id]);
  return person;
}
const stale = await addAllPowerful('Sina Alt');
await age(cluster, stale, 16);
/** Of somebody who may do everything, on a page. */
const cookie = await cookieOf(cluster, await addAllPowerful('Ada Allmacht'));

const document = await (await callHttp(cluster, '/api/openapi.json')).json();
const SIGN_OUT = '/api/auth/sign-out';
/** Last comes what ends the sessions of all who ask. */
const ROUTES = matrixRoutes(document).toSorted((a, b) => Number(a.path === SIGN_OUT) - Number(b.path === SIGN_OUT));

const PARAMETERS: Readonly<Record<string, string>> = {
  record: String(record),
  account: NOBODY,
  token: NOBODY,
  session: NOBODY,
  import: UNKNOWN,
  conflict: UNKNOWN,
  lock: UNKNOWN,
  invitation: UNKNOWN,
};

function sampleOf({ operationId, path }: MatrixRoute) {
  return (operationId === undefined ? undefined : samples[operationId]?.()) ?? signInRequest(path) ?? {};
}

/** How often somebody comes back who is told that they ask too often. */
const MOST_TRIES = 20;

/** Who asks too often is not refused for want of rights: it is asked again. */
async function send(route: MatrixRoute, call: Pick<HttpCall, 'headers'>, at: Cluster = cluster): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const response = await sendOnce(route, call, at);
    if (response.status !== 429 || route.declared?.who === 'anybody' || tries === MOST_TRIES) return response;
    await sleep(1_000 * Math.min(5, Number(response.headers.get('retry-after') ?? 1)));
  }
}

function sendOnce(route: MatrixRoute, call: Pick<HttpCall, 'headers'>, at: Cluster): Promise<Response> {
  const { json, body, query = '', headers } = sampleOf(route);
  const parameters: Readonly<Record<string, string>> = { ...PARAMETERS, workspace: at.workspace };
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? `no ${name}`);
  return callHttp(at, path + query, {
    method: route.method,
    headers: { ...headers, ...call.headers },
    ...(json === undefined ? {} : { json }),
    ...(body === undefined ? {} : { body: body() }),
  });
}

const bearer = (as: { readonly token: string } | undefined) => ({
  headers: as ? { authorization: `Bearer ${as.token}` } : {},
});

/** What cannot be read was not refused to anybody. */
const UNREAD: readonly string[] = ['bad-request', 'invalid-field', 'unsupported-media-type', 'not-found'];

/** Null for who was let through. Throws where the request was not understood, or the service is at fault. */
async function refusalOf(response: Response, route: MatrixRoute): Promise<Refusal> {
  const text = await response.text();
  expect(response.status, text).toBeLessThan(500);
  if (response.status < 400 || !/json/.test(response.headers.get('content-type') ?? '')) return null;
  const { code } = JSON.parse(text) as Problem;
  const refusal = REFUSALS.find((one) => one === code) ?? null;
  if (refusal === null && route.operationId !== undefined) expect(UNREAD, text).not.toContain(code);
  return refusal;
}

describe('every route says who may use it', () => {
  it('and what takes a body has a sample that is none of its own refusals', () => {
    const undeclared = ROUTES.filter(({ declared }) => !declared).map(({ method, path }) => `${method} ${path}`);
    expect(undeclared).toEqual([]);
    const unsampled = ROUTES.filter((route) => route.takesBody && Object.keys(sampleOf(route)).length === 0);
    expect(unsampled.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });
});

describe('every message says who may send it', () => {
  const MESSAGES: Readonly<Record<UpMessage['type'], UpMessage>> = {
    hello: { type: 'hello', workspace: cluster.workspace, client: { kind: 'web', version: 'test' } },
    ping: { type: 'ping', sentAt: 1 },
    subscribe: { type: 'subscribe', cursor: '00000000:0-0' },
    attend: { type: 'attend', records: [record] },
    diverged: { type: 'diverged', cursor: '00000000:0-0' },
    report: { type: 'report', applied: [], spans: [] },
    edit: {
      type: 'edit',
      operation: 'replaced-below',
      items: [{ record, baseVersion: 1, set: { note: 'by a message' } }],
    },
    lock: { type: 'lock', request: 'a lock', records: [record] },
    unlock: { type: 'unlock', request: 'an unlock', lock: UNKNOWN },
  };

  /** What answers each; the others are not answered, and a ping behind them is. */
  const ANSWERS: Partial<Record<UpMessage['type'], readonly DownMessage['type'][]>> = {
    hello: ['welcome'],
    subscribe: ['subscribed', 'reset'],
    edit: ['edited', 'error'],
    lock: ['lock-granted', 'lock-held', 'error'],
    unlock: ['unlocked', 'error'],
  };

  /** What becomes of a message, behind the greeting that it needs. */
  async function heard(socket: RawSocket, message: UpMessage): Promise<MessageRefusal> {
    const { type } = message;
    const closed = (): MessageRefusal | undefined =>
      socket.closed && (`closed ${socket.closed.code}` as MessageRefusal);
    const came = (answers: readonly string[]) => socket.messages.find((one) => answers.includes(one.type));
    if (type !== 'hello' && MESSAGE_ACCESS[type] !== 'account') {
      socket.send(MESSAGES.hello);
      await eventually(() => expect(closed() ?? came(['welcome'])).toBeDefined());
    }
    if (!socket.closed) socket.send(type === 'edit' ? { ...message, operation: crypto.randomUUID() } : message);
    const answers = ANSWERS[type] ?? ['pong'];
    if (!ANSWERS[type] && !socket.closed) socket.send(MESSAGES.ping);
    await eventually(() => expect(closed() ?? came(answers)).toBeDefined());
    const answer = came(answers);
    if (!answer) return closed() ?? null;
    return answer.type === 'error' && answer.code === 'forbidden' ? 'forbidden' : null;
  }

  it.each(Object.entries(MESSAGES))('%s', async (type, message) => {
    const outcomes = new Map<Subject, MessageRefusal>();
    for (const subject of SUBJECTS) {
      const token = subjects[subject]?.token;
      await using socket = await connectRaw(cluster.url(), token === undefined ? {} : { token });
      outcomes.set(subject, await heard(socket, message));
    }
    const expected = expectedOfMessage(MESSAGE_ACCESS[type as UpMessage['type']]);
    expect(forEach((subject) => outcomes.get(subject))).toEqual(expected);
  });

  it('the table has every message there is', () => {
    const types = upMessage.options.map(({ shape }) => shape.type.value);
    expect(Object.keys(MESSAGES).toSorted()).toEqual(types.toSorted());
    expect(Object.keys(MESSAGE_ACCESS).toSorted()).toEqual(types.toSorted());
  });

  it('from a page of elsewhere nobody may send anything', async () => {
    for (const origin of ['https://elsewhere.example', 'null']) {
      await using socket = await connectRaw(cluster.url(), { token: subjects.admin?.token ?? '', headers: { origin } });
      expect(await socket.closeCode()).toBe(CLOSE_CODES.forbidden);
      expect(socket.messages).toEqual([{ type: 'error', code: 'foreign-origin' }]);
    }
  });
});

describe('who has not proved lately who they are', () => {
  it.each(ROUTES)('$method $path', async (route) => {
    if (route.path === SIGN_OUT) return;
    const refusal = await refusalOf(await send(route, bearer(stale)), route);
    expect(refusal).toBe(route.declared?.proof === 'recent' ? 'reauthentication-needed' : null);
  });
});

describe('who may use which route', () => {
  it.each(ROUTES)('$method $path', async (route) => {
    const outcomes = new Map<Subject, Refusal>();
    for (const subject of SUBJECTS)
      outcomes.set(subject, await refusalOf(await send(route, bearer(subjects[subject])), route));
    const expected = route.declared && expectedOf(route.declared, route.path);
    expect(forEach((subject) => outcomes.get(subject))).toEqual(expected);
  });
});

describe('who has yet to set up a second factor where one is needed', () => {
  /** All of one's own account that it takes to set one up, or to leave. */
  const OPEN: ReadonlySet<string | undefined> = new Set([
    'getMe',
    'changeOwnPassword',
    'reauthenticate',
    'tellActive',
    'listOwnSessions',
    'endOwnSession',
    'endOwnSessions',
  ]);

  it('gets no further than that', async () => {
    const { workspace } = strict.cluster;
    const person = await strict.cluster.addPerson('Zoe Zwei', { workspace, role: 'admin' });
    const caller = await strict.signIn(person.email, person.password);
    const ofApi = ROUTES.filter(({ path, declared }) => path.startsWith(API_PREFIX) && declared?.who !== 'anybody');
    for (const route of ofApi)
      expect(
        await refusalOf(await send(route, bearer(caller), strict.cluster), route),
        `${route.method} ${route.path}`,
      ).toBe(OPEN.has(route.operationId) ? null : 'second-factor-needed');
  });
});

describe('what changes something is asked for by our own pages alone', () => {
  const changing = ROUTES.filter(({ method }) => method !== 'GET');

  it.each(changing)('$method $path', async (route) => {
    const outcomes: Record<string, Refusal> = {};
    for (const origin of ['https://elsewhere.example', 'null', undefined, cluster.url()]) {
      const headers = { cookie, ...(origin === undefined ? {} : { origin }) };
      outcomes[origin ?? 'unsaid'] = await refusalOf(await send(route, { headers }), route);
    }
    const foreign = 'foreign-origin';
    expect(outcomes).toEqual({
      'https://elsewhere.example': foreign,
      null: foreign,
      unsaid: foreign,
      [cluster.url()]: null,
    });
  });
});

it('the matrix is as large as it says', () => {
  const count = (ROUTES.length + Object.keys(MESSAGE_ACCESS).length) * SUBJECTS.length;
  const changing = ROUTES.filter(({ method }) => method !== 'GET').length;
  console.info(
    `${ROUTES.length} routes and ${Object.keys(MESSAGE_ACCESS).length} messages by ${SUBJECTS.length} subjects: ${count} cases; ${changing * 4} of origins; ${ROUTES.length - 1} of proofs`,
  );
  expect(count).toBeGreaterThan(1_000);
});
