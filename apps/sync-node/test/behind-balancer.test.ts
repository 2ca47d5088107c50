import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ResourceStack } from '@meldesync/lifecycle';
import { DEVICE_CLIENT, SESSION_KIND_HEADER, TOKEN_HEADER } from '@meldesync/protocol';
import {
  connectRaw,
  makeCertificate,
  serverPort,
  startBalancer,
  startCluster,
  type TestPerson,
} from '@meldesync/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { helloTo } from './sessions-setup.ts';

const folder = mkdtempSync(join(tmpdir(), 'meldesync-certificate-'));
const { cert, key } = await makeCertificate();
const certificate = join(folder, 'localhost.pem');
writeFileSync(certificate, cert + key);
const port = await serverPort();
const origin = `https://localhost:${port}`;
const cluster = await startCluster({ nodes: 3, worker: false, baseUrl: origin, trustedProxies: ['127.0.0.1'] });
const nodePorts = cluster.nodes.map((node) => node.port);
const balancer = await startBalancer({ port, nodePorts, certificate });
await balancer.whole();
afterAll(async () => {
  await balancer[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

interface Call {
  /** Which of the machine's addresses it comes from. */
  readonly from: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** Past the balancer, to a node itself. */
  readonly nodePort?: number;
}

/** One request over a connection of its own. */
function call(path: string, { from, method = 'GET', headers = {}, body, nodePort }: Call) {
  const usual = { host: '127.0.0.1', path, method, localAddress: from, agent: false };
  const json = body === undefined ? undefined : JSON.stringify(body);
  const sent = { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers };
  return new Promise<{ status: number; headers: Headers; body: string }>((resolve, reject) => {
    const given =
      nodePort === undefined
        ? request({ ...usual, port, ca: cert, servername: 'localhost', headers: sent })
        : plainRequest({ ...usual, port: nodePort, headers: sent });
    given.on('error', reject);
    given.on('response', (answer) => {
      const got = new Headers();
      for (const [name, values = []] of Object.entries(answer.headersDistinct))
        for (const value of values) got.append(name, value);
      text(answer).then((whole) => resolve({ status: answer.statusCode ?? 0, headers: got, body: whole }), reject);
    });
    given.end(json);
  });
}

/** Headers of a client that says it is somebody else. */
const FORGED = {
  'x-forwarded-for': '203.0.113.9',
  'x-real-ip': '203.0.113.9',
  forwarded: 'for=203.0.113.9',
  'x-forwarded-proto': 'http',
};

const addEditor = (name: string) => cluster.addPerson(name, { workspace: cluster.workspace, role: 'editor' });

/** Signs in, and looks from where the node says that it was; by the event of one that failed, too. */
async function addressesOf(person: TestPerson, order: Call): Promise<unknown[]> {
  const sign = (password: string) =>
    call('/api/auth/sign-in/email', {
      ...order,
      method: 'POST',
      headers: { origin, [SESSION_KIND_HEADER]: 'terminal', ...order.headers },
      body: { email: person.email, password },
    });
  const answer = await sign(person.password);
  expect(answer.status, answer.body).toBe(200);
  expect(answer.headers.get(TOKEN_HEADER)).toBeTruthy();
  expect((await sign('wrong-horse-battery')).status).toBe(401);
  const rows = await cluster.sql(
    `(select ip_address as address from auth.session where user_id = $1 order by created_at desc limit 1)
     union all
     (select address from events where subject = $2 and kind = 'sign-in-failed' order by id desc limit 1)`,
    [person.id, `user:${person.id}`],
  );
  return rows.map(({ address }) => address);
}

describe('behind HAProxy', () => {
  it.each(['127.0.0.2', '127.0.0.3'])('who comes from %s is known by that address', async (from) => {
    expect(await addressesOf(await addEditor('Anna'), { from })).toEqual([from, from]);
  });

  it('what a client says of its address counts for nothing, through the balancer', async () => {
    const from = '127.0.0.2';
    expect(await addressesOf(await addEditor('Berta'), { from, headers: FORGED })).toEqual([from, from]);
  });

  it('nor does it past the balancer, from an address that is none', async () => {
    const from = '127.0.0.3';
    const nodePort = nodePorts[0] ?? 0;
    expect(await addressesOf(await addEditor('Clara'), { from, headers: FORGED, nodePort })).toEqual([from, from]);
  });

  it('each address has limits of its own', async () => {
    // As the balancer says it.
    const nodePort = nodePorts[1] ?? 0;
    const ask = (address: string) =>
      call('/api/auth/device/code', {
        from: '127.0.0.1',
        nodePort,
        method: 'POST',
        headers: { origin, 'x-forwarded-for': address },
        body: { client_id: DEVICE_CLIENT },
      });
    const statuses: number[] = [];
    for (let asked = 0; asked < 120; asked += 10)
      statuses.push(...(await Promise.all(Array.from({ length: 10 }, async () => (await ask('10.0.0.4')).status))));
    statuses.push((await ask('10.0.0.4')).status);
    expect(statuses).toEqual([...Array.from({ length: 120 }, () => 200), 429]);
    expect((await ask('10.0.0.5')).status).toBe(200);
  });

  it('a browser keeps to https: HSTS on every answer, and Secure on every cookie', async () => {
    const person = await addEditor('Dora');
    const from = '127.0.0.2';
    for (const [path, status] of [
      ['/', 404],
      ['/healthz', 200],
      ['/api/v1/me', 401],
      ['/api/openapi.json', 200],
      ['/api/auth/nothing', 404],
    ] as const) {
      const answer = await call(path, { from });
      expect([path, answer.status]).toEqual([path, status]);
      expect(answer.headers.get('strict-transport-security'), path).toBe('max-age=31536000');
    }
    const signedIn = await call('/api/auth/sign-in/email', {
      from,
      method: 'POST',
      headers: { origin },
      body: { email: person.email, password: person.password, rememberMe: true },
    });
    const cookies = signedIn.headers.getSetCookie();
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) expect(cookie).toMatch(/; Secure/i);
  });

  it('R1.1 WebSockets go through, and are shared out among the nodes', async () => {
    const emil = await addEditor('Emil');
    await using sockets = new ResourceStack();
    const nodes: string[] = [];
    for (let opened = 0; opened < 6; opened++) {
      const socket = sockets.use(
        await connectRaw(origin, { token: emil.token, headers: FORGED, ca: Buffer.from(cert) }),
      );
      socket.send(helloTo(cluster));
      nodes.push((await socket.next('welcome')).node);
    }
    for (const name of ['node-1', 'node-2', 'node-3']) expect(nodes.filter((node) => node === name)).toHaveLength(2);
  });
});
