import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { callHttp, workspacePath } from '@meldesync/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';

const { cluster, anna } = await setUpApi();
const [record = 0] = await cluster.addRecords(1, { first: 100 });

/** One connection, for one request after the other, as proxies keep them for whoever asks next. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
afterAll(() => agent.destroy());

interface Order {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function ask(path: string, { method = 'GET', headers = {}, body }: Order = {}) {
  const sent = request(new URL(path, cluster.url()), {
    agent,
    method,
    headers: { authorization: `Bearer ${anna.token}`, origin: cluster.url(), ...headers },
  });
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  sent.end(body);
  const [answer] = await answered;
  let bytes = 0;
  for await (const chunk of answer) bytes += (chunk as Buffer).byteLength;
  return { status: answer.statusCode, bytes, length: answer.headers['content-length'], isReused: sent.reusedSocket };
}

const ofRecord = workspacePath(cluster, `/records/${record}`);
const json = { 'content-type': 'application/json' };
const known = { 'if-none-match': (await callHttp(cluster, ofRecord, { as: anna })).headers.get('etag') ?? '' };

describe('a connection that is kept goes on', () => {
  it.each<[string, number, string, Order]>([
    ['HEAD of the API', 200, '/api/v1/me', { method: 'HEAD' }],
    ['HEAD of a record', 200, ofRecord, { method: 'HEAD' }],
    ['HEAD of a page that is not built', 404, '/', { method: 'HEAD' }],
    ['HEAD of the health', 200, '/healthz', { method: 'HEAD' }],
    [
      'HEAD of what is compressed',
      200,
      '/api/openapi.json',
      { method: 'HEAD', headers: { 'accept-encoding': 'gzip' } },
    ],
    ['HEAD of what is not there', 404, '/api/v1/nothing', { method: 'HEAD' }],
    ['HEAD where there is none', 405, '/api/auth/sign-out', { method: 'HEAD' }],
    ['HEAD by nobody', 401, '/api/v1/me', { method: 'HEAD', headers: { authorization: 'Bearer x' } }],
    ['an answer without a body', 204, '/api/v1/me', { method: 'OPTIONS' }],
    ['what is known already', 304, ofRecord, { headers: known }],
    ['HEAD of what is known already', 304, ofRecord, { method: 'HEAD', headers: known }],
    ['a body that is no JSON', 400, ofRecord, { method: 'PATCH', headers: json, body: '{' }],
    ['a method that there is not', 405, ofRecord, { method: 'PUT', headers: json, body: '{}' }],
  ])('after %s', async (_, status, path, order) => {
    await ask('/healthz');
    for (const time of ['first', 'second']) {
      const answer = await ask(path, order);
      expect(answer, `the ${time} time`).toMatchObject({ status, isReused: true });
      if (order.method === 'HEAD') {
        expect(answer.bytes).toBe(0);
        if (status !== 304) expect(Number(answer.length)).toBeGreaterThan(0);
      }
    }
    expect(await ask('/healthz')).toMatchObject({ status: 200, isReused: true });
    expect(await ask(ofRecord)).toMatchObject({ status: 200, isReused: true });
  });
});

it('HEAD of a client that ends the connection with it is answered, and the connection ends', async () => {
  const sent = request(new URL('/healthz', cluster.url()), { method: 'HEAD', headers: { connection: 'close' } });
  const closed = once(sent, 'close');
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  expect(answer.statusCode).toBe(200);
  await closed;
});
