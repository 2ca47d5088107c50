import { SUBPROTOCOL, SYNC_PATH } from '@meldesync/protocol';
import { exchangeRaw, serverPort, startBalancer, startCluster } from '@meldesync/testkit';
import { afterAll, describe, expect, it } from 'vitest';

const port = await serverPort();
const origin = `http://127.0.0.1:${port}`;
const cluster = await startCluster({ nodes: 3, worker: false, baseUrl: origin, trustedProxies: ['127.0.0.1'] });
const balancer = await startBalancer({ port, nodePorts: cluster.nodes.map((node) => node.port) });
await balancer.whole();
afterAll(async () => {
  await balancer[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

/** A node waits 8 to 12 s for the rest of a head that it does not take for whole (ADR 13). */
const SOONER_MS = 5_000;

const send = (bytes: string) => exchangeRaw(origin, bytes, SOONER_MS);
const get = (lines = '', path = '/healthz') => `GET ${path} HTTP/1.1\r\nHost: a\r\n${lines}\r\n`;
const post = (lines: string, body: string) => `POST /api/v1/me HTTP/1.1\r\nHost: a\r\n${lines}\r\n${body}`;
const upgrade = (lines = '') =>
  `GET ${SYNC_PATH} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
  `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n${lines}\r\n`;
const many = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: a\r\n`).join('');

describe('a head that a node would wait for the rest of is answered at once behind HAProxy', () => {
  it.each(['_', '.', '~', "'", '!', '|'])('a header name with %s is left out', async (character) => {
    for (const bytes of [get(`X${character}A: b\r\n`), upgrade(`X${character}A: b\r\n`)])
      expect([200, 101, 401]).toContain((await send(bytes)).status);
  });

  it.each(['\0', '\x01', '\x08', '\x0b', '\x1b', '\x1f'])('a header with %j is refused', async (character) => {
    for (const bytes of [get(`X-A: a${character}b\r\n`), upgrade(`X-A: a${character}b\r\n`)])
      expect(await send(bytes)).toMatchObject({ status: 400, ended: true });
  });

  it('a tab is none of these', async () => {
    expect(await send(get('X-A: a\tb\r\n'))).toMatchObject({ status: 200 });
  });

  it.each([40, 60, 80, 90, 95, 96, 97, 98, 99, 100, 101, 120, 300])('%i headers', async (count) => {
    for (const bytes of [get(many(count)), upgrade(many(count))])
      expect([200, 101, 401, 400, 431]).toContain((await send(bytes)).status);
  });

  it.each([20, 40])('%i headers of a browser are taken', async (count) => {
    expect(await send(get(many(count)))).toMatchObject({ status: 200 });
  });
});

describe('nothing is hidden behind the end of a request', () => {
  const HIDDEN = 'GET /api/v1/me HTTP/1.1\r\nHost: a\r\n\r\n';
  it.each([
    ['two lengths', post(`Content-Length: 0\r\nContent-Length: ${HIDDEN.length}\r\n`, HIDDEN)],
    ['a list of lengths', post('Content-Length: 0, 0\r\n', HIDDEN)],
    [
      'a length and chunks',
      post(`Content-Length: ${HIDDEN.length + 5}\r\nTransfer-Encoding: chunked\r\n`, `0\r\n\r\n${HIDDEN}`),
    ],
    ['an unknown coding', post('Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${HIDDEN}`)],
    ['a coding after chunked', post('Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${HIDDEN}`)],
    ['a coding behind a control character', post('Transfer-Encoding: \x0bchunked\r\n', `0\r\n\r\n${HIDDEN}`)],
    ['the length of a chunk that is none', post('Transfer-Encoding: chunked\r\n', `-1\r\n{}\r\n0\r\n\r\n${HIDDEN}`)],
    ['an upgrade with a body', upgrade(`Content-Length: ${HIDDEN.length}\r\n`) + HIDDEN],
    ['an upgrade to another version', upgrade().replace('Version: 13', 'Version: 99') + HIDDEN],
    ['a trailer', post('Transfer-Encoding: chunked\r\n', `2\r\n{}\r\n0\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n`)],
    [
      'a trailer that looks like a request',
      post(
        'Transfer-Encoding: chunked\r\n',
        `2\r\n{}\r\n0\r\nGET: /api/v1/me HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n`,
      ),
    ],
    ['a line of the PROXY protocol', `PROXY TCP4 203.0.113.9 203.0.113.1 1 443\r\n${HIDDEN}`],
  ])('%s', async (_, bytes) => {
    const { text } = await send(bytes);
    expect(text.match(/^HTTP\/1\.1 \d/gm)?.length ?? 0).toBeLessThan(2);
  });
});

it('state and figures of balancer and nodes are on no port that people reach', async () => {
  for (const path of ['/stats', '/stats;csv', '/metrics', '/haproxy?stats']) {
    const { text } = await send(get('', path));
    expect(text).not.toMatch(/# TYPE|haproxy|svname/);
  }
});
