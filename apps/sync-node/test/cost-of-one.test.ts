import { connect, type Socket } from 'node:net';
import { CLOSE_CODES, reconnectInMs } from '@meldesync/protocol';
import {
  connectRaw,
  eventually,
  expectProblem,
  openTransaction,
  type RawSocket,
  type TestPerson,
} from '@meldesync/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';

const MEBIBYTE = 1024 * 1024;
const { cluster, anna, record, call, inWorkspace } = await setUpApi({
  personConnections: 3,
  importLimits: { maxBytes: 4 * MEBIBYTE },
});
const membership = { workspace: cluster.workspace, role: 'editor' } as const;
const ben = await cluster.addPerson('Ben', membership);
const vera = await cluster.addPerson('Vera', { ...membership, role: 'viewer' });

describe('reads of one person', () => {
  const waiting = async () => {
    const [row] = await cluster.sql(`select count(*)::int as count from pg_stat_activity
      where datname = current_database() and application_name = 'meldesync-node-1' and wait_event_type = 'Lock'`);
    return Number(row?.['count']);
  };
  /** What comes of a read that waits for a table: it is given, or given up after its time on a machine that has much to do. */
  const READ = [200, 503];

  it('R3.1 take turns among themselves, and nobody waits for them', async () => {
    await using holder = await openTransaction(cluster.database.ownerUrl);
    await holder.query('lock table imports in access exclusive mode');
    const reads = Array.from({ length: 16 }, () => call(inWorkspace('/imports'), { as: vera }));
    await eventually(async () => expect(await waiting()).toBe(2));
    expect((await call(inWorkspace('/members'))).status).toBe(200);
    const edited = await call(inWorkspace(`/records/${record}`), {
      method: 'PATCH',
      headers: { 'if-match': '"1"' },
      json: { note: 'inzwischen' },
    });
    expect(edited.status).toBe(200);
    // Never more of hers, whatever became of the first.
    for (let look = 0; look < 20; look++) expect(await waiting()).toBeLessThanOrEqual(2);
    await holder.rollback();
    for (const { status } of await Promise.all(reads)) expect(READ).toContain(status);
  });

  it('R3.1 of many people together leave connections to the edits', async () => {
    const people = await Promise.all(
      Array.from({ length: 8 }, (_, index) => cluster.addPerson(`Reader ${index}`, membership)),
    );
    await using holder = await openTransaction(cluster.database.ownerUrl);
    await holder.query('lock table imports in access exclusive mode');
    const reads = people.flatMap((as) => [1, 2].map(() => call(inWorkspace('/imports'), { as })));
    // Half of the ten that the node has.
    await eventually(async () => expect(await waiting()).toBe(5));
    const edited = await call(inWorkspace('/edits'), {
      method: 'POST',
      json: { operation: 'beside-readers', items: [{ record: record + 1, baseVersion: 1, set: { note: 'x' } }] },
    });
    expect(edited.status).toBe(200);
    for (let look = 0; look < 20; look++) expect(await waiting()).toBeLessThanOrEqual(5);
    await holder.rollback();
    for (const { status } of await Promise.all(reads)) expect(READ).toContain(status);
  });

  it('P64 R3.1 more than may wait are refused, and told when to come back', async () => {
    await using holder = await openTransaction(cluster.database.ownerUrl);
    await holder.query('lock table imports in access exclusive mode');
    const reads = await Promise.all(Array.from({ length: 36 }, () => call(inWorkspace('/imports'), { as: ben })));
    const refused = reads.filter(({ status }) => status === 429);
    // Two are being read and 32 wait.
    expect(refused.length).toBeGreaterThanOrEqual(2);
    for (const response of refused) {
      expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
      await expectProblem(response, 'rate-limited');
    }
    await holder.rollback();
    await eventually(async () => expect((await call(inWorkspace('/imports'), { as: ben })).status).toBe(200));
  });
});

describe('connections of one person', () => {
  let open: RawSocket[] = [];
  afterEach(async () => {
    for (const socket of open) await socket[Symbol.asyncDispose]();
    open = [];
  });
  const come = async (person: TestPerson) => {
    const socket = await connectRaw(cluster.url(), { token: person.token });
    open.push(socket);
    socket.send({ type: 'hello', workspace: cluster.workspace, client: { kind: 'web', version: 'test' } });
    return socket;
  };

  it('P63 are bounded: one more is sent away for a while, and has room when another one is over', async () => {
    const windows = await Promise.all([1, 2, 3].map(() => come(vera)));
    for (const socket of windows) await socket.next('welcome');
    const refused = await come(vera);
    expect(await refused.closeCode()).toBe(CLOSE_CODES.crowded);
    expect(reconnectInMs(CLOSE_CODES.crowded, refused.closed?.reason ?? '')).toBeGreaterThanOrEqual(20_000);
    // Those that are there stay, and others come as before.
    expect(windows.map(({ closed }) => closed)).toEqual([undefined, undefined, undefined]);
    await (await come(anna)).next('welcome');
    windows[0]?.close(1000);
    await windows[0]?.closeCode();
    await (await come(vera)).next('welcome');
  });
});

describe('bodies', () => {
  let open: Socket[] = [];
  afterEach(() => {
    for (const socket of open) socket.destroy();
    open = [];
  });
  const crlf = '\r\n';
  /** Begins a request and sends so much of its body; what came back by now. */
  const stall = (path: string, { as, bytes }: { as?: TestPerson; bytes: number }) => {
    const { hostname, port } = new URL(cluster.url());
    const socket = connect(Number(port), hostname);
    open.push(socket);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('error', () => undefined);
    const head = [
      `POST ${path} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      ...(as ? [`Authorization: Bearer ${as.token}`] : []),
      'Content-Type: multipart/form-data; boundary=b',
      'Transfer-Encoding: chunked',
    ];
    const body = `${bytes.toString(16)}${crlf}${'x'.repeat(bytes)}`;
    socket.write(head.join(crlf) + crlf + crlf + body);
    return { answer: () => answer };
  };
  const uploads = `/api/v1/workspaces/${cluster.workspace}/imports`;
  const upload = (as: TestPerson) => {
    const form = new FormData();
    form.append('file', new Blob(['x'.repeat(MEBIBYTE)]), 'a.csv');
    return call(inWorkspace('/imports'), { method: 'POST', body: form, as });
  };

  it('R3.1 of who may not send them are refused before they are there, and hold nothing', async () => {
    const refused = Array.from({ length: 4 }, () => stall(uploads, { as: vera, bytes: 2 * MEBIBYTE }));
    for (const { answer } of refused) await eventually(() => expect(answer()).toMatch(/^HTTP\/1\.1 403 /));
    const elsewhere = stall(`/api/v1/workspaces/${crypto.randomUUID()}/imports`, { as: vera, bytes: 10 });
    await eventually(() => expect(elsewhere.answer()).toMatch(/^HTTP\/1\.1 404 /));
    expect((await upload(ben)).status).toBe(202);
  });

  it('R3.1 that one editor lets stall leave room for those of others', async () => {
    const most = 15 * MEBIBYTE;
    const stalled = Array.from({ length: 8 }, () => stall(uploads, { as: anna, bytes: most }));
    await eventually(() =>
      expect(stalled.filter(({ answer }) => answer().startsWith('HTTP/1.1 429 '))).toHaveLength(7),
    );
    expect((await upload(ben)).status).toBe(202);
  });

  it('R3.1 that strangers let stall leave room for those of people', async () => {
    for (let count = 0; count < 340; count++) stall('/api/auth/sign-in/email', { bytes: 16_000 });
    expect((await upload(ben)).status).toBe(202);
    const edited = await call(inWorkspace('/edits'), {
      method: 'POST',
      as: ben,
      json: {
        operation: 'beside-strangers',
        items: [{ record: record + 2, baseVersion: 1, set: { note: 'x'.repeat(20) } }],
      },
    });
    expect(edited.status).toBe(200);
  });
});
