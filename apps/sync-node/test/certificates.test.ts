import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { API_PREFIX, operations } from '@meldesync/protocol';
import {
  type Certificate,
  callHttp,
  eventually,
  freePort,
  makeCertificate,
  readMetrics,
  startCluster,
} from '@meldesync/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CertificateWatch, watchCertificates } from '../src/certificates/certificate-watch.ts';

const DAY_MS = 86_400_000;

describe('a certificate that browsers meet', () => {
  const cleanup: (() => Promise<unknown>)[] = [];
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'meldesync-certificates-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  afterEach(async () => {
    for (const clean of cleanup.splice(0)) await clean();
  });

  const make = (days: number) => makeCertificate({ days });
  async function listening(server: Server): Promise<number> {
    const port = await freePort();
    // What comes is read, so that its end is seen.
    server.on('connection', (socket) => socket.on('error', () => socket.destroy()).resume());
    await new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
    cleanup.push(
      () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
        }),
    );
    return port;
  }
  const serve = async (certificate: Certificate) =>
    `https://localhost:${await listening(createTlsServer(certificate))}`;

  function watching(
    baseUrl: string,
    more: { file?: string; now?: () => number; everyMs?: number; unwellEveryMs?: number; limitMs?: number } = {},
  ) {
    const events: unknown[][] = [];
    const watch: CertificateWatch = watchCertificates({
      baseUrl,
      file: more.file,
      ...(more.now ? { now: more.now } : {}),
      everyMs: more.everyMs ?? 3_600_000,
      ...(more.unwellEveryMs === undefined ? {} : { unwellEveryMs: more.unwellEveryMs }),
      limitMs: more.limitMs ?? 500,
      logger: { event: (...told: unknown[]) => void events.push(told) },
    });
    cleanup.push(async () => watch[Symbol.asyncDispose]());
    return { watch, events };
  }
  const seen = (watch: CertificateWatch) => eventually(() => expect(watch.found()).toHaveLength(1));

  it.each([
    ['goes on for a year', 365, []],
    ['is over in 20 days', 20, [['certificate-ends', { certificate: 'served', days: 19 }, 'warn']]],
    ['is over in 5 days', 5, [['certificate-ends', { certificate: 'served', days: 4 }, 'error']]],
    ['is over since a day', -1, [['certificate-ends', { certificate: 'served', days: -1 }, 'error']]],
  ])('that %s is read and told of, though nobody trusts it', async (_, days, told) => {
    const { watch, events } = watching(await serve(await make(days)));
    await seen(watch);
    const [{ seconds } = { seconds: 0 }] = watch.remaining();
    expect(Math.abs(seconds - days * 86_400)).toBeLessThan(60);
    expect(events).toEqual(told);
  });

  it('is told of as its end comes near, once a step and not with every look; one that is renewed is well again', async () => {
    let now = Date.now();
    let served = await make(60);
    const server = createTlsServer(served);
    const port = await listening(server);
    const { watch, events } = watching(`https://localhost:${port}`, { now: () => now, everyMs: 5 });
    await seen(watch);
    for (const days of [31, 2, 40]) {
      now += days * DAY_MS;
      await eventually(() => expect(events.length).toBe(days === 40 ? 2 : 1));
    }
    served = await make(800);
    server.setSecureContext(served);
    await eventually(() => expect(watch.remaining()[0]?.seconds).toBeGreaterThan(0));
    expect(events.map(([, , level]) => level)).toEqual(['warn', 'error']);
  });

  it.each([
    ['where nobody listens', async () => `https://localhost:${await freePort()}`],
    ['where somebody listens and says nothing', async () => `https://localhost:${await listening(createTcpServer())}`],
    [
      'where no TLS is spoken',
      async () =>
        `https://localhost:${await listening(createTcpServer((socket) => void socket.end('HTTP/1.1 400\r\n\r\n')))}`,
    ],
    ['of a name that there is not', async () => 'https://nowhere.invalid'],
  ])('%s is told of as unread, once', async (_, url) => {
    const { watch, events } = watching(await url(), { everyMs: 5 });
    await seen(watch);
    await eventually(() => expect(events).toHaveLength(1));
    expect(watch.found()).toEqual([{ source: 'served', endsAt: null }]);
    expect(watch.remaining()).toEqual([]);
    expect(events).toEqual([['certificate-unread', { certificate: 'served', err: expect.any(Error) }]]);
  });

  it('is seen soon after it was renewed, or the web server has come: who has helped looks whether it did', async () => {
    const port = await freePort();
    const { watch } = watching(`https://localhost:${port}`, { unwellEveryMs: 5 });
    await seen(watch);
    expect(watch.remaining()).toEqual([]);
    const server = createTlsServer(await make(-1));
    await new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
    cleanup.push(async () => void server.close());
    await eventually(() => expect(watch.remaining()[0]?.seconds).toBeLessThan(0));
    server.setSecureContext(await make(300));
    await eventually(() => expect(watch.remaining()[0]?.seconds).toBeGreaterThan(0));
  });

  it('is not told to have days left in the hour after its end', async () => {
    const url = await serve(await make(1));
    const { watch, events } = watching(url, { now: () => Date.now() + DAY_MS + 3_600_000 });
    await seen(watch);
    expect(events).toEqual([['certificate-ends', { certificate: 'served', days: -1 }, 'error']]);
  });

  it('keeps no node from ending: a look that waits is given up', async () => {
    const { watch, events } = watching(`https://localhost:${await listening(createTcpServer())}`, { limitMs: 60_000 });
    await watch[Symbol.asyncDispose]();
    expect([watch.found(), events]).toEqual([[], []]);
  });

  it('in a file counts too: of a chain the one that is over first, beside a key', async () => {
    const [one, other] = [await make(300), await make(6)];
    const file = join(folder, 'chain.pem');
    await writeFile(file, `${one.cert}${one.key}${other.cert}`);
    const { watch, events } = watching('http://localhost', { file });
    await seen(watch);
    expect(events).toEqual([['certificate-ends', { certificate: 'file', days: 5 }, 'error']]);
  });

  it.each([
    ['is not there', undefined],
    ['holds none', 'nothing'],
  ])('in a file that %s is told of as unread', async (name, text) => {
    const file = join(folder, name);
    if (text !== undefined) await writeFile(file, text);
    const { watch, events } = watching('http://localhost', { file });
    await seen(watch);
    expect(events).toEqual([['certificate-unread', { certificate: 'file', err: expect.any(Error) }]]);
  });

  it('R5.4 stands in Betrieb and among the metrics of a node, without the name of a host', async () => {
    const file = join(folder, 'served.pem');
    await writeFile(file, (await make(5)).cert);
    await using cluster = await startCluster({ nodes: 1, worker: false, logLevel: 'silent', certificateFile: file });
    const ada = await cluster.addPerson('Ada', { workspace: cluster.workspace, role: 'admin' });
    await eventually(async () => {
      const told = operations.parse(await (await callHttp(cluster, `${API_PREFIX}/operations`, { as: ada })).json());
      const node = told.processes.find(({ kind }) => kind === 'node');
      expect(node?.certificates).toEqual([{ source: 'file', endsAt: expect.any(String) }]);
    });
    const measured = await readMetrics(cluster.nodes[0]);
    const [remaining] = measured.filter(({ name }) => name === 'meldesync_certificate_remaining_seconds');
    expect(remaining?.labels).toEqual({ source: 'file' });
    expect(remaining?.value).toBeCloseTo(5 * 86_400, -3);
  });
});
