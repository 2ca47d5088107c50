import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi, createSyncClient } from '../../packages/client/src/index.ts';
import { clientAccess, eventually, sampleCsv, serverPort } from '../../testkit/src/index.ts';
import { startBalancedCluster } from './balanced-cluster.mjs';
import { readSettings } from './settings.mjs';
import { StopStack } from './stop-stack.mjs';

/** @typedef {import('../../packages/client/src/index.ts').SyncClient} SyncClient */

const PATIENCE_MS = 120_000;

describe('npm run cluster', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'meldesync-cluster-'));
  const stack = new StopStack();
  /** @type {import('./balanced-cluster.mjs').BalancedCluster} */
  let cluster;
  /** @type {ReturnType<typeof clientAccess>} */
  let access;
  let workspace = '';
  /** @type {SyncClient[]} */
  const clients = [];

  const openClient = () => {
    const client = createSyncClient({ ...access, workspace, client: { kind: 'api', version: 'test' } });
    clients.push(client);
    client.start();
    return client;
  };
  const allLive = () =>
    eventually(
      () => expect(clients.map(({ connection }) => connection.name)).toEqual(clients.map(() => 'live')),
      PATIENCE_MS,
    );
  /** @param {SyncClient} client */
  const nodeOf = (client) => client.session?.node ?? '';

  beforeAll(async () => {
    // The user postgres gets to it as well.
    chmodSync(dataDir, 0o755);
    const settings = { DATA_DIR: dataDir, PORT: String(await serverPort()), LOG_LEVEL: 'warn' };
    cluster = await startBalancedCluster(stack, readSettings(settings, 'production'));
  }, PATIENCE_MS);
  afterAll(async () => {
    for (const client of clients) client.stop();
    await stack.stopAll();
    rmSync(dataDir, { recursive: true, force: true });
  }, PATIENCE_MS);

  it('starts three nodes, two relays and two workers, and people sign in through HAProxy', async () => {
    expect([...cluster.nodes, ...cluster.relays, ...cluster.workers].map(({ pid }) => pid())).not.toContain(undefined);
    const { url, accounts } = cluster;
    const { email = '', password = '' } = accounts.find(({ role }) => role === 'editor') ?? {};
    const answer = await fetch(`${url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { origin: url, 'content-type': 'application/json', 'meldesync-session-kind': 'terminal' },
      body: JSON.stringify({ email, password }),
    });
    expect(answer.status).toBe(200);
    access = clientAccess(url, answer.headers.get('set-auth-token') ?? '');
    const api = createApi(access);
    workspace = (await api.me()).workspaces[0]?.id ?? '';
    await api.uploadImports(workspace, [{ name: 'sample.csv', content: new Blob([sampleCsv(20, 1)]) }]);
  });

  it('R1.1 the WebSockets of people are shared out among the nodes, and each hears of what another saves', async () => {
    for (let opened = 0; opened < 6; opened++) {
      openClient();
      await allLive();
    }
    expect(clients.map(nodeOf).toSorted()).toEqual(['node-1', 'node-1', 'node-2', 'node-2', 'node-3', 'node-3']);
    await eventually(() => expect(clients.map(({ store }) => store.size)).toEqual(clients.map(() => 20)), PATIENCE_MS);
    const [record = { id: 0, version: 0 }] = clients[0]?.store.values() ?? [];
    await clients[0]?.edit([{ record: record.id, baseVersion: record.version, set: { note: 'for all' } }]);
    await eventually(() =>
      expect(clients.map(({ store }) => store.get(record.id)?.note)).toEqual(clients.map(() => 'for all')),
    );
  });

  it('R4.1 a node that stands still is taken out, and comes back', async () => {
    const [node] = cluster.nodes;
    const pid = node?.pid() ?? 0;
    process.kill(pid, 'SIGSTOP');
    try {
      await eventually(async () => {
        expect(await cluster.balancer.nodesUp('live')).toEqual(['node-2', 'node-3']);
        expect(await cluster.balancer.nodesUp('usable')).toEqual(['node-2', 'node-3']);
      }, PATIENCE_MS);
      for (let asked = 0; asked < 6; asked++) expect((await fetch(`${cluster.url}/readyz`)).status).toBe(200);
      for (const client of clients) client.reconnectNow();
      await eventually(() => expect(clients.map(nodeOf)).not.toContain('node-1'), PATIENCE_MS);
      await allLive();
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await eventually(async () => expect(await cluster.balancer.isWhole()).toBe(true), PATIENCE_MS);
    expect(node?.pid()).toBe(pid);
  });

  it('R4.1 restarting the nodes one by one loses nothing that people save meanwhile', async () => {
    const before = new Set(cluster.nodes.map(({ pid }) => pid()));
    const records = [...(clients[0]?.store.values() ?? [])].map(({ id }) => id);
    const over = new AbortController();
    /** @type {number[]} */
    const saved = records.map(() => 0);
    /** How often each client has saved its record, each time on the version that it sees. @param {SyncClient} client @param {number} index */
    const save = async (client, index) => {
      const record = records[index] ?? 0;
      while (!over.signal.aborted) {
        const known = client.store.get(record);
        const [outcome] = await client.edit([
          { record, baseVersion: known?.version ?? 0, set: { note: `${index}: ${(saved[index] ?? 0) + 1}` } },
        ]);
        expect(outcome?.outcome).toBe('accepted');
        saved[index] = (saved[index] ?? 0) + 1;
        const version = (known?.version ?? 0) + 1;
        await eventually(() => expect(client.store.get(record)?.version).toBeGreaterThanOrEqual(version), PATIENCE_MS);
      }
    };
    const saving = clients.map(save);
    await cluster.restartNodes();
    over.abort();
    await Promise.all(saving);
    expect(cluster.nodes.map(({ pid }) => pid()).some((pid) => before.has(pid))).toBe(false);
    await allLive();
    const notes = clients.map((_, index) => `${index}: ${saved[index]}`);
    for (const client of clients)
      await eventually(() => {
        expect(clients.map((_, index) => client.store.get(records[index] ?? 0)?.note)).toEqual(notes);
      }, PATIENCE_MS);
  });

  it('what HAProxy writes down holds no query', async () => {
    await fetch(`${cluster.url}/cases?q=F-4711`);
    const log = () => readFileSync(join(dataDir, 'haproxy/haproxy.log'), 'utf8');
    await eventually(() => expect(log()).toContain('GET /cases\n'));
    expect(log()).not.toContain('4711');
  });
});
