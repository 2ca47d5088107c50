import { setTimeout as sleep } from 'node:timers/promises';
import { CLOSE_CODES, SUBPROTOCOL, SYNC_PATH, upMessage } from '@meldesync/protocol';
import { createLogger } from '@meldesync/telemetry';
import { callHttp, connectRaw, sendPieces, startWitness } from '@meldesync/testkit';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { setUpApi } from './api-setup.ts';
import { type JsonSchema, jsonArbitrary } from './json-arbitrary.ts';

/** For how long each of the properties is tried, in milliseconds; the nightly run, which says FC_RUNS, takes its time. */
const FUZZ_MS = Number(process.env['FUZZ_MS'] ?? (process.env['FC_RUNS'] === undefined ? 5_000 : 120_000));
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
console.info(`FUZZ_SEED=${SEED}`);

/** What a node says of itself that somebody should look at: nothing that strangers send is such a thing, but for a client's own word of itself. */
const alarms: string[] = [];
const { cluster, anna, inWorkspace } = await setUpApi({
  nodeLogger: createLogger({
    name: 'node',
    level: 'error',
    format: 'json',
    write: (line) => {
      if (!line.includes('"event":"client-diverged"')) alarms.push(line);
    },
  }),
});
const [watched = 0] = await cluster.addRecords(1, { first: 100 });
const witness = await startWitness(cluster, watched);

// Whatever came, the node serves the others as before, and nothing went wrong in it.
afterEach(async () => {
  await witness.seesEdits();
  expect(alarms.splice(0)).toEqual([]);
});

/** So many connections are tried at the same time. */
const AT_ONCE = 24;

/** Tries a property until its time is over; while it is tried, somebody else's edits keep coming. */
async function tryFor<Input>(inputs: fc.Arbitrary<Input>, check: (input: Input) => Promise<void>): Promise<void> {
  let tried = 0;
  const over = new AbortController();
  const others = (async () => {
    for (; !over.signal.aborted; await sleep(200)) await witness.seesEdits();
  })();
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(inputs, { minLength: 1, maxLength: AT_ONCE, size: 'max' }), async (given) => {
        tried += given.length;
        await Promise.all(given.map(check));
      }),
      { seed: SEED, numRuns: 1_000_000, interruptAfterTimeLimit: FUZZ_MS, markInterruptAsFailure: false },
    );
  } finally {
    over.abort();
    await others;
  }
  console.info(`${tried} inputs`);
  expect(tried).toBeGreaterThan(AT_ONCE);
}

const LIMIT = { timeout: 60_000 + 4 * FUZZ_MS };
/** How long what was sent may take to be answered: longer only where uWS waits for the rest of a head (ADR 13). */
const ANSWER_MS = 60;
/** How long a node takes to look up who somebody is. */
const GREETED_MS = 60;

const send = (pieces: readonly (string | number)[]) => sendPieces(cluster.url(), pieces, ANSWER_MS);

/** Throws over an answer that blames the service; 505 blames the version of HTTP, and is uWS's own. */
function expectNoFault(text: string): void {
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  expect(
    statuses.filter((status) => status >= 500 && status !== 505),
    text.slice(0, 500),
  ).toEqual([]);
}

const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
/** Bytes that mean something to a parser come more often. */
const bytes = fc
  .array(
    fc.oneof(
      byte,
      fc.constantFrom('\r\n', '\n', '\0', '\x80', '\xff', ':', ' ', '%', '%00', '/', '?', ';', ',', '\xe2\x82\xac'),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));
/** Text cut into pieces at any places: it may come in as many packets. */
const inPieces = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.array(fc.nat(), { maxLength: 3 })).map(([whole, cuts]) => {
    const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)).toSorted((a, b) => a - b), whole.length];
    return places.slice(1).map((place, index) => whole.slice(places[index], place));
  });
/** A text with some of its bytes replaced, left out or doubled. */
const bent = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(
      text,
      fc.array(fc.tuple(fc.nat(), fc.constantFrom('replace', 'drop', 'insert', 'double'), bytes), { maxLength: 3 }),
    )
    .map(([whole, changes]) =>
      changes.reduce((given, [at, how, put]) => {
        const place = at % (given.length + 1);
        const behind = given.slice(how === 'insert' ? place : place + 1);
        if (how === 'double') return given.slice(0, place + 1) + given.slice(place);
        return given.slice(0, place) + (how === 'drop' ? '' : put) + behind;
      }, whole),
    );

const head = (method: string, target: string, lines: readonly string[]) =>
  `${method} ${target} HTTP/1.1\r\nHost: a\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
const asAnna = `Authorization: Bearer ${anna.token}`;
const upgradeHead = (lines: readonly string[] = []) =>
  head('GET', SYNC_PATH, [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`,
    ...lines,
  ]);

describe('nothing that comes over a connection ends a node, or makes it say that it is at fault', () => {
  const targets = fc.oneof(
    fc.constantFrom(
      '/healthz',
      '/api/v1/me',
      '/api/auth/get-session',
      '/api/auth/sign-in/email',
      '/api/v1/entry',
      '/',
      inWorkspace('/records'),
      inWorkspace('/edits'),
      inWorkspace('/imports'),
      inWorkspace('/snapshot?limit=1'),
    ),
    bytes.map((text) => `/${text}`),
  );
  const lines = fc.array(
    fc.oneof(
      fc.constantFrom(
        'Content-Length: 5',
        'Content-Length: 0',
        'Content-Length: 99999999999',
        'Transfer-Encoding: chunked',
        'Transfer-Encoding: gzip, chunked',
        'Expect: 100-continue',
        'Content-Type: application/json',
        'Content-Type: multipart/form-data; boundary=x',
        'Content-Type: multipart/form-data',
        'If-Match: "1"',
        'Upgrade: websocket',
        'Connection: close',
        'Origin: null',
        asAnna,
      ),
      fc
        .tuple(fc.constantFrom('Cookie', 'Accept-Language', 'Content-Type', 'X-Forwarded-For', 'Host'), bytes)
        .map(([name, value]) => `${name}: ${value}`),
    ),
    { maxLength: 6 },
  );
  const request = fc
    .tuple(
      fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'HEAD', 'OPTIONS', 'TRACE', 'get'),
      targets,
      lines,
      bytes,
    )
    .map(([method, target, given, body]) => head(method, target, given) + body);

  it('bytes of HTTP: whole, bent, in pieces, one after the other', LIMIT, async () => {
    const requests = fc.array(fc.oneof(request, bent(request), bytes), { minLength: 1, maxLength: 3 });
    await tryFor(inPieces(requests.map((many) => many.join(''))), async (pieces) => expectNoFault(await send(pieces)));
  });

  interface Frame {
    readonly isLast: boolean;
    readonly reserved: number;
    readonly opcode: number;
    readonly isMasked: boolean;
    /** Of the length; the shortest that holds it where absent. */
    readonly form: 'short' | 'medium' | 'long';
    /** What the frame says of its length, if it is not so. */
    readonly said: number | null;
    readonly payload: string;
  }

  /** RFC 6455 §5.2, however wrong. */
  function encode({ isLast, reserved, opcode, isMasked, form, said, payload }: Frame): string {
    const length = said ?? payload.length;
    const mask = isMasked ? 0x80 : 0;
    const first = (isLast ? 0x80 : 0) | (reserved << 4) | opcode;
    const big = (width: number) =>
      Array.from({ length: width }, (_, index) => Math.floor(length / 2 ** (8 * (width - 1 - index))) & 0xff);
    const lengths =
      form === 'short' && length < 126
        ? [mask | length]
        : form === 'long'
          ? [mask | 127, ...big(8)]
          : [mask | 126, ...big(2)];
    const key = [1, 2, 3, 4];
    const masked = Array.from(
      payload,
      (character, index) => character.charCodeAt(0) ^ (isMasked ? (key[index % 4] ?? 0) : 0),
    );
    return String.fromCharCode(first, ...lengths, ...(isMasked ? key : []), ...masked);
  }

  const frame = fc
    .record({
      isLast: fc.boolean(),
      reserved: fc.constantFrom(0, 0, 0, 4, 7),
      opcode: fc.oneof(fc.constantFrom(0, 1, 1, 1, 2, 8, 9, 10), fc.nat({ max: 15 })),
      isMasked: fc.constantFrom(true, true, true, false),
      form: fc.constantFrom<Frame['form']>('short', 'short', 'medium', 'long'),
      said: fc.constantFrom(null, null, null, 0, 125, 65_535, 2 ** 31, 2 ** 53, 2 ** 63),
      payload: fc.oneof(
        bytes,
        fc.constantFrom(
          '{"type":"ping","sentAt":1}',
          '\xff\xfe',
          '\xed\xa0\x80',
          '\x03\xe8',
          '\x00\x01',
          '\x03',
          'x'.repeat(300),
        ),
      ),
    })
    .map(encode);

  it('frames of a WebSocket: cut up, reserved bits, no UTF-8, lengths beyond all, control frames', LIMIT, async () => {
    const greeting = encode({
      isLast: true,
      reserved: 0,
      opcode: 1,
      isMasked: true,
      form: 'medium',
      said: null,
      payload: JSON.stringify({
        type: 'hello',
        workspace: cluster.workspace,
        client: { kind: 'web', version: 'fuzz' },
      }),
    });
    const frames = fc.array(frame, { minLength: 1, maxLength: 6 }).map((many) => many.join(''));
    await tryFor(fc.tuple(fc.boolean(), inPieces(fc.oneof(frames, bent(frames)))), async ([isGreeted, pieces]) => {
      expectNoFault(await send([upgradeHead([asAnna]), ...(isGreeted ? [greeting, GREETED_MS] : []), ...pieces]));
    });
  });

  it('heads of upgrades', LIMIT, async () => {
    const heads = lines.map((given) => upgradeHead(given));
    await tryFor(inPieces(fc.oneof(heads, bent(heads))), async (pieces) => expectNoFault(await send(pieces)));
  });

  it('messages of the protocol, each place of which may be wrong', LIMIT, async () => {
    const schema = z.toJSONSchema(upMessage, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
    const messages = fc.array(fc.tuple(jsonArbitrary(schema), fc.boolean()), { minLength: 1, maxLength: 6 });
    await tryFor(messages, async (given) => {
      await using socket = await connectRaw(cluster.url(), { token: anna.token });
      socket.send({ type: 'hello', workspace: cluster.workspace, client: { kind: 'web', version: 'fuzz' } });
      const isGreeted = () => socket.messages.some((one) => one.type === 'welcome');
      while (!socket.closed && !isGreeted()) await sleep(2);
      for (const [message, isCut] of given) {
        const text = JSON.stringify(message) ?? 'undefined';
        socket.sendRaw(isCut ? text.slice(0, -1) : text);
      }
      socket.send({ type: 'ping', sentAt: 4_711 });
      const deadline = performance.now() + 20_000;
      const isAnswered = () => socket.messages.some((one) => one.type === 'pong' && one.sentAt === 4_711);
      while (!socket.closed && !isAnswered() && performance.now() < deadline) await sleep(2);
      expect(socket.closed !== undefined || isAnswered()).toBe(true);
      // A message that cannot be read is refused; one that broke something ends its connection.
      expect(socket.closed?.code).not.toBe(CLOSE_CODES.internal);
      expect(socket.messages.filter((one) => one.type === 'error' && one.code === 'internal')).toEqual([]);
    });
  });
});

describe('what is no token opens nothing', () => {
  const [token = '', ...signature] = decodeURIComponent(anna.token).split('.');
  const signed = (text: string) => [text, ...signature].join('.');
  /** Tokens as they could be guessed, forged or broken; never the right one. */
  const tokens = fc
    .oneof(
      bent(fc.constant(token)).map(signed),
      bent(fc.constant(anna.token)).filter((text) => decode(text).split('.')[0] !== token),
      fc.string({ unit: 'binary', maxLength: 300 }).map((text) => Buffer.from(text, 'utf8').toString('latin1')),
      fc.constantFrom('null', 'undefined', '.', '..', '%', '%00', '%2e', token, `${token}.`, `.${signature[0]}`),
    )
    .filter((text) => text.trim() !== anna.token && decode(text).split('.')[0] !== token)
    .map((text) => text.replace(/[\r\n]/g, 'x'));
  const carried = fc.tuple(
    tokens,
    fc.constantFrom(
      (text: string) => `Authorization: Bearer ${text}`,
      (text: string) => `Authorization: ${text}`,
      (text: string) => `Cookie: meldesync.session_token=${text}`,
      (text: string) => `Cookie: a=b; meldesync.session_token=${text}; meldesync.session_token=${text}`,
      (text: string) => `Cookie: ${text}`,
    ),
  );

  it('as bearer token and as cookie, at the API, at sign-in and at the socket', LIMIT, async () => {
    await tryFor(carried, async ([text, lineOf]) => {
      const line = lineOf(text);
      const [me, session, socket] = await Promise.all([
        send([head('GET', '/api/v1/me', [line])]),
        send([head('GET', '/api/auth/get-session', [line])]),
        send([upgradeHead([line])]),
      ]);
      for (const answer of [me, session, socket]) expectNoFault(answer);
      for (const answer of [me, session]) expect(answer).not.toContain(anna.email);
      expect(me).not.toMatch(/^HTTP\/1\.1 200 /);
      expect(socket).not.toContain('"welcome"');
    });
    expect((await callHttp(cluster, '/api/v1/me', { as: anna })).status).toBe(200);
  });
});

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
