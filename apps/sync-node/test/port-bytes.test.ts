import { SUBPROTOCOL, SYNC_PATH } from '@meldesync/protocol';
import { callHttp, connectRaw, exchangeRaw, expectProblem, NoAnswerYet, startWitness } from '@meldesync/testkit';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';

/** How many requests a property tries; the nightly run asks for more. */
const RUNS = Number(process.env['FC_RUNS'] ?? 150);

const { cluster, anna } = await setUpApi();
const [watched = 0] = await cluster.addRecords(1, { first: 100 });
const witness = await startWitness(cluster, watched);

// Whatever came, the node serves the others as before.
afterEach(() => witness.seesEdits());

const send = (bytes: string) => exchangeRaw(cluster.url(), bytes);
const get = (lines = '') => `GET /healthz HTTP/1.1\r\nHost: a\r\n${lines}\r\n`;
const post = (lines: string, body: string) =>
  `POST /api/v1/workspaces/1/edits HTTP/1.1\r\nHost: a\r\n${lines}\r\n${body}`;
const upgrade = (lines = '') =>
  `GET ${SYNC_PATH} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
  `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n${lines}\r\n`;

/** Bytes in the middle of a value: at its ends uWS takes them for white space. */
const VALUES: readonly (readonly [string, string])[] = [
  ['a byte that begins nothing in UTF-8', 'a\x80b'],
  ['Latin-1', 'M\xfcller'],
  ['UTF-8 above Latin-1', 'a\xe2\x82\xacb'],
  ['an emoji', 'a\xf0\x9f\x98\x80b'],
  ['half an emoji', 'a\xed\xa0\xbdb'],
  ['0xFF', 'a\xff\xfeb'],
];
const NAMES = [
  'X-Test',
  'Host',
  'Cookie',
  'Authorization',
  'Origin',
  'Accept-Language',
  'Content-Type',
  'If-None-Match',
];

describe.each(VALUES)('a header with %s', (_, value) => {
  it.each(NAMES)('as %s ends neither a request nor an upgrade otherwise than with 400', async (name) => {
    const line = `${name}: ${value}\r\n`;
    const withHost = (bytes: string) => (name === 'Host' ? bytes.replace('Host: a\r\n', '') : bytes);
    for (const bytes of [get(line), post(`${line}Content-Length: 2\r\n`, '{}'), upgrade(line)])
      expect(await send(withHost(bytes))).toMatchObject({ status: 400, ended: true });
  });
});

it('a header of Latin-1 in UTF-8 is read', async () => {
  expect(await send(get('X-Test: M\xc3\xbcller\r\n'))).toMatchObject({ status: 200 });
});

describe('where a request ends is certain, or it is refused', () => {
  const HIDDEN = 'GET /api/v1/me HTTP/1.1\r\nHost: a\r\n\r\n';
  it.each([
    ['two lengths', post('Content-Length: 3\r\nContent-Length: 5\r\n', 'hello')],
    [
      'two lengths, a request behind the first',
      post(`Content-Length: 0\r\nContent-Length: ${HIDDEN.length}\r\n`, HIDDEN),
    ],
    ['a list of lengths', post('Content-Length: 5, 5\r\n', 'hello')],
    ['an empty length', post('Content-Length: \r\n', 'hello')],
    ['an empty length, then one', post('Content-Length: \r\nContent-Length: 5\r\n', 'hello')],
    ['a length below nothing', post('Content-Length: -5\r\n', 'hello')],
    ['a length with a sign', post('Content-Length: +5\r\n', 'hello')],
    ['a length in hex', post('Content-Length: 0x5\r\n', 'hello')],
    ['a length beyond all', post('Content-Length: 99999999999999999999\r\n', 'hello')],
    ['an unknown coding', post('Transfer-Encoding: foo\r\n', 'hello')],
    ['an unknown coding of chunks', post('Transfer-Encoding: foo\r\n', '5\r\nhello\r\n0\r\n\r\n')],
    ['a coding before chunked', post('Transfer-Encoding: gzip, chunked\r\n', '5\r\nhello\r\n0\r\n\r\n')],
    ['a coding that ends on chunked', post('Transfer-Encoding: xchunked\r\n', '5\r\nhello\r\n0\r\n\r\n')],
    [
      'a coding after chunked',
      post('Transfer-Encoding: chunked\r\nTransfer-Encoding: foo\r\n', '5\r\nhello\r\n0\r\n\r\n'),
    ],
    ['chunked twice', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n')],
    ['identity', post('Transfer-Encoding: identity\r\nContent-Length: 5\r\n', 'hello')],
    ['a length and chunks', post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n')],
    ['chunks and a length', post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n')],
    ['two hosts', get('Host: b\r\n')],
    ['two lengths of GET', get('Content-Length: 3\r\nContent-Length: 5\r\n')],
    ['an unknown coding of GET', get('Transfer-Encoding: foo\r\n')],
    ['two lengths of an upgrade', upgrade('Content-Length: 3\r\nContent-Length: 5\r\n')],
    ['an unknown coding of an upgrade', upgrade('Transfer-Encoding: foo\r\n')],
  ])('%s', async (_, bytes) => {
    const { text, status, ended } = await send(bytes);
    expect(ended).toBe(true);
    // Where more follows than the first length says, uWS ends the connection before the answer is out.
    expect([400, 505, undefined]).toContain(status);
    expect(text.match(/^HTTP\/1\.1 /gm)?.length ?? 0).toBeLessThan(2);
    expect(text).not.toContain('unauthenticated');
  });

  it.each([
    ['one length', post('Content-Length: 2\r\n', '{}')],
    ['the same length twice', post('Content-Length: 2\r\nContent-Length: 2\r\n', '{}')],
    ['chunks', post('Transfer-Encoding: chunked\r\n', '2\r\n{}\r\n0\r\n\r\n')],
    ['CHUNKED', post('Transfer-Encoding: CHUNKED\r\n', '2\r\n{}\r\n0\r\n\r\n')],
  ])('%s is answered', async (_, bytes) => {
    expect(await send(bytes)).toMatchObject({ status: 401, ended: false });
  });
});

describe('a head that would take long to be taken apart is refused', () => {
  it.each(['Cookie', 'Accept-Language', 'Accept-Encoding', 'If-None-Match', 'Sec-WebSocket-Protocol', 'X-Test'])(
    'for its %s',
    async (name) => {
      const line = `${name}: ${'a=b;a,'.repeat(5_000)}\r\n`;
      for (const bytes of [get(line), post(`${line}Content-Length: 2\r\n`, '{}'), upgrade(line)]) {
        const { status, ended } = await send(bytes);
        // 431 is of uWS itself, where the head does not arrive in one piece.
        expect([400, 431]).toContain(status);
        expect(ended).toBe(true);
      }
    },
  );

  it('for its address', async () => {
    for (const path of [`/${'a'.repeat(20_000)}`, `/?${'a=%41&'.repeat(4_000)}`]) {
      const { status } = await send(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
      expect([400, 431]).toContain(status);
    }
  });
});

describe('a body that is too large is answered before it has come, and its connection ends', () => {
  const MEBIBYTE = 1024 * 1024;
  const head = (path: string, lines: string) =>
    `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${lines}\r\n`;
  const chunk = (size: number) => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`;
  const chunked = 'Transfer-Encoding: chunked\r\n';
  const uploads = '/api/v1/workspaces/x/imports';
  const edits = '/api/v1/workspaces/x/edits';
  const asAnna = () => `Authorization: Bearer ${anna.token}\r\n`;

  it.each([
    ['a sign-in by its length', 413, head('/api/auth/sign-in/email', 'Content-Length: 20000\r\n')],
    ['a sign-in that has begun', 413, `${head('/api/auth/sign-in/email', 'Content-Length: 20000\r\n')}{"email"`],
    ['a sign-in by its chunks', 413, `${head('/api/auth/sign-in/email', chunked)}${chunk(20_000)}`],
    ['a request by its length', 413, head('/api/v1/me', `${asAnna()}Content-Length: ${MEBIBYTE + 1}\r\n`)],
    ['a request by its chunks', 413, `${head('/api/v1/me', `${asAnna()}${chunked}`)}${chunk(MEBIBYTE)}${chunk(1)}`],
    ['more of nobody than signing in takes', 401, head(edits, `Content-Length: ${MEBIBYTE}\r\n`)],
    ['more of nobody in chunks', 401, `${head(edits, chunked)}${chunk(20_000)}`],
    ['more of a foreign page', 403, head(edits, `${asAnna()}Origin: https://b\r\nContent-Length: ${MEBIBYTE}\r\n`)],
    ['more of somebody where nothing is taken', 413, head('/here', `${asAnna()}Content-Length: ${MEBIBYTE}\r\n`)],
    ['a file of nobody', 401, head(uploads, `Content-Length: ${500 * MEBIBYTE}\r\n`)],
    ['a file of nobody in chunks', 401, `${head(uploads, chunked)}${chunk(2 * MEBIBYTE)}`],
    ['a file of a foreign page', 403, head(uploads, `Origin: https://b\r\nContent-Length: ${MEBIBYTE + 1}\r\n`)],
  ])('%s', async (_, status, bytes) => {
    const { text, ...answer } = await send(bytes);
    expect(answer).toEqual({ status, ended: true });
    const [, length = '', body = ''] = /content-length: (\d+)\r\n\r\n([^]*)$/.exec(text) ?? [];
    expect(body).toHaveLength(Number(length));
    expect(JSON.parse(body)).toMatchObject({ status });
    expect(text).toContain('content-security-policy: ');
  });

  it('a file of somebody that is larger than all files may be', async () => {
    const lines = `Authorization: Bearer ${anna.token}\r\nContent-Length: ${500 * MEBIBYTE}\r\n`;
    const own = `/api/v1/workspaces/${cluster.workspace}/imports`;
    expect(await send(head(own, lines))).toMatchObject({ status: 413, ended: true });
  });

  it('who goes on sending is not listened to for long', async () => {
    const bytes = `${head('/api/v1/me', `Content-Length: ${500 * MEBIBYTE}\r\n`)}${'x'.repeat(8 * MEBIBYTE)}`;
    expect((await send(bytes)).ended).toBe(true);
  });

  it.each([1, 1_000, MEBIBYTE, 32 * MEBIBYTE])('who sends %i bytes too many hears the answer', async (more) => {
    const body = 'x'.repeat(MEBIBYTE + more);
    const headers = { authorization: `Bearer ${anna.token}` };
    const response = await callHttp(cluster, '/api/v1/me', { method: 'POST', headers, body });
    await expectProblem(response, 'payload-too-large');
    const stream = new Blob([body]).stream();
    const inChunks = { method: 'POST', headers, body: stream, duplex: 'half' };
    await expectProblem(await fetch(`${cluster.url()}/api/v1/me`, inChunks), 'payload-too-large');
  });
});

it('every request has an answer, or its connection an end', async () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: a\r\n`).join('');
  const names = Array.from(`!#$%&'*+-.^_\`|~(),/;<=>?@[]{}" \t\0\x80`, (character) => get(`X${character}A: b\r\n`));
  const requests = [
    ...names,
    get(': no name\r\n'),
    get('X-A: a line\r\n that goes on\r\n'),
    get('X-A: a\0b\r\n'),
    get('X-A: a\nX-B: b\r\n'),
    get('X-A: a\rb\r\n'),
    get(many(90)),
    get(many(100)),
    get(many(300)),
    get(`X-A: ${'a'.repeat(100_000)}\r\n`),
    `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    'GET /healthz HTTP/1.1\r\n\r\n',
    'GET /healthz HTTP/1.1\r\nX-A: b\r\n\r\n',
    'GET /healthz HTTP/1.1\r\nHost:\r\n\r\n',
    'GET /healthz HTTP/1.0\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    `\r\n\r\n${get()}`,
    `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${'\0'.repeat(500)}`,
    'GET /healthz HTTP/1.1\r\nHost: a\r\nhalf a he',
    '',
  ];
  // All at once: where uWS takes a head for one that is not there yet, it ends the connection after some seconds (ADR 13).
  const answers = await Promise.all(requests.map(send));
  expect(answers.map(({ status, ended }) => status !== undefined || ended)).toEqual(requests.map(() => true));
});

describe('fuzzed', () => {
  const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
  /** Bytes that mean something to a parser come more often. */
  const anyBytes = fc
    .array(
      fc.oneof(byte, fc.constantFrom('\r\n', '\0', '\x80', '\xff', ':', ' ', '%', '%00', '/', '?', '\xe2\x82\xac')),
      {
        maxLength: 40,
      },
    )
    .map((parts) => parts.join(''));
  /** A line break would only make other headers of it. */
  const value = anyBytes.map((bytes) => bytes.replace(/[\r\n\0]/g, 'x'));
  const name = fc.constantFrom(
    ...NAMES,
    'Content-Length',
    'Transfer-Encoding',
    'Expect',
    'Sec-WebSocket-Key',
    'Sec-WebSocket-Protocol',
    'Sec-WebSocket-Extensions',
    'Sec-WebSocket-Version',
  );
  const target = fc.oneof(
    fc.constantFrom(
      '/healthz',
      '/api/v1/me',
      SYNC_PATH,
      '/api/auth/get-session',
      '/api/auth/sign-in/email',
      '/api/v1/x/imports',
    ),
    value.map((bytes) => `/${bytes.replace(/[ \t\v\f]/g, 'x')}`),
  );
  const request = fc
    .record({
      method: fc.constantFrom('GET', 'POST', 'HEAD', 'PUT', 'OPTIONS', 'TRACE', 'get', 'F\xfc'),
      target,
      lines: fc.array(fc.tuple(name, value), { maxLength: 5 }),
      isUpgrade: fc.boolean(),
      body: anyBytes,
      hasLength: fc.boolean(),
    })
    .map(({ method, target: path, lines, isUpgrade, body, hasLength }) => {
      const headers = lines.map(([header, text]) => `${header}: ${text}\r\n`).join('');
      if (isUpgrade) return `${upgrade(headers)}${body}`;
      const length = hasLength ? `Content-Length: ${body.length}\r\n` : '';
      return `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}${length}\r\n${hasLength ? body : ''}`;
    });

  /** Sends it without waiting for what uWS makes of it, which may be nothing for some seconds. */
  const survives = async (bytes: string) => {
    await exchangeRaw(cluster.url(), bytes, 100).catch((error: unknown) => {
      if (!(error instanceof NoAnswerYet)) throw error;
    });
    expect((await exchangeRaw(cluster.url(), get())).status).toBe(200);
  };

  it('requests and upgrades whose parts are any bytes', { timeout: 600_000 }, async () => {
    await fc.assert(fc.asyncProperty(request, survives), { numRuns: RUNS });
  });

  it('any bytes at all', { timeout: 600_000 }, async () => {
    await fc.assert(fc.asyncProperty(anyBytes, survives), { numRuns: RUNS });
  });

  it('messages of any bytes, and frames of any bytes, of somebody who is signed in', { timeout: 600_000 }, async () => {
    const message = fc.oneof(
      anyBytes,
      fc.json(),
      fc
        .record({ type: fc.constantFrom('hello', 'subscribe', 'edit', 'lock', 'ping'), workspace: fc.anything() })
        .map((m) => JSON.stringify(m)),
    );
    const run = async (messages: string[], frame: string) => {
      const socket = await connectRaw(cluster.url(), { token: anna.token });
      for (const text of messages) socket.sendRaw(text);
      socket.sendRaw(Buffer.from(frame, 'latin1'));
      await socket.closeCode();
      await survives(`${upgrade(`Authorization: Bearer ${anna.token}\r\n`)}${frame}`);
    };
    await fc.assert(fc.asyncProperty(fc.array(message, { maxLength: 4 }), anyBytes, run), {
      numRuns: Math.ceil(RUNS / 3),
    });
  });
});
