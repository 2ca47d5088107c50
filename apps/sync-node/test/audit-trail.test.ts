import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { feedKeys } from '@meldesync/bus';
import { connectDatabase, endExpiredSessions, findOpenLocks, type NewNotice, recordNotices } from '@meldesync/db';
import { connectLocks } from '@meldesync/locks';
import { FURTHER_AUDIT_KINDS, type FurtherAuditKind, LOCK_RESUME_MS } from '@meldesync/protocol';
import { createLogger } from '@meldesync/telemetry';
import {
  type Cluster,
  callHttp,
  connectRaw,
  eventually,
  type RawSocket,
  sampleCsv,
  startCluster,
  type TestPerson,
  workspacePath,
} from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settleLocks } from '../src/locks/lock-settlement.ts';
import { systemRuntime } from '../src/runtime.ts';

let cluster: Cluster;
let anna: TestPerson;
let ada: TestPerson;
let records: number[];

beforeAll(async () => {
  cluster = await startCluster({ nodes: 2 });
  const { workspace } = cluster;
  anna = await cluster.addPerson('Anna', { workspace, role: 'editor' });
  ada = await cluster.addPerson('Ada', { workspace, role: 'admin' });
  records = await cluster.addRecords(8);
});
afterAll(() => cluster[Symbol.asyncDispose]());

interface Entry {
  readonly kind: FurtherAuditKind;
  readonly actor: string;
  readonly address: string | null;
  readonly session_id: string | null;
  readonly workspace_id: string | null;
  readonly subject: string | null;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
}

const entries = async (subject: string, kind?: FurtherAuditKind) =>
  (await cluster.sql('select * from events where subject = $1 and ($2::text is null or kind = $2) order by at, id', [
    subject,
    kind ?? null,
  ])) as unknown as Entry[];

/** The entries of a subject, once there are so many; a moment later there are no more. */
async function told(subject: string, kinds: readonly FurtherAuditKind[]): Promise<Entry[]> {
  await eventually(async () => expect((await entries(subject)).map(({ kind }) => kind)).toEqual(kinds));
  await sleep(400);
  const found = await entries(subject);
  expect(found.map(({ kind }) => kind)).toEqual(kinds);
  for (const { kind, before, after } of found) {
    const holds = FURTHER_AUDIT_KINDS[kind];
    for (const field of Object.keys(before ?? {})) expect(holds.before).toContain(field);
    for (const field of Object.keys(after ?? {})) expect(holds.after).toContain(field);
  }
  return found;
}

/** Who, and where from. */
const by = async (person: TestPerson) => ({
  actor: `user:${person.id}`,
  address: '127.0.0.1',
  session_id: await sessionOf(person),
  workspace_id: cluster.workspace,
});

async function sessionOf(person: TestPerson): Promise<string> {
  const [row] = await cluster.sql('select id from auth.session where user_id = $1 order by created_at limit 1', [
    person.id,
  ]);
  return row?.['id'] as string;
}

let requests = 0;

async function live(person: TestPerson, { node = 0, instance = `instance-${randomUUID()}` } = {}) {
  const socket = await connectRaw(cluster.url(node), { token: person.token });
  const client = { kind: 'web', version: '1.2.3' } as const;
  socket.send({ type: 'hello', workspace: cluster.workspace, client, instance });
  const { session } = await socket.next('welcome');
  return { socket, connection: `connection:${session}` };
}

async function granted(socket: RawSocket, ids: readonly number[]) {
  socket.send({ type: 'lock', request: `request-${++requests}`, records: [...ids] });
  return (await socket.next('lock-granted')).lock;
}

describe('R5.1 R5.3 on record, once, with who and where from', () => {
  it('a connection that opens, and is closed', async () => {
    const { socket, connection } = await live(anna, { instance: 'instance-0001' });
    socket.close(1000);
    const [opened, closed] = await told(connection, ['connection-opened', 'connection-closed']);
    expect(opened).toMatchObject({
      ...(await by(anna)),
      after: { client: 'web', clientVersion: '1.2.3', instance: 'instance-0001', node: 'node-1' },
    });
    expect(closed).toMatchObject({ ...(await by(anna)), after: { by: 'client', node: 'node-1', tierMs: 0 } });
  });

  it('a connection that breaks without a word', async () => {
    const { socket, connection } = await live(anna);
    await socket[Symbol.asyncDispose]();
    const [, lost] = await told(connection, ['connection-opened', 'connection-lost']);
    expect(lost).toMatchObject({ ...(await by(anna)), after: { by: 'line', code: 1006 } });
  });

  it('a connection that is refused: whose it was', async () => {
    const stranger = await cluster.addPerson('Stefan');
    const socket = await connectRaw(cluster.url(), { token: stranger.token });
    socket.send({ type: 'hello', workspace: cluster.workspace, client: { kind: 'web', version: '1' } });
    await socket.closeCode();
    await eventually(async () => {
      const found = await cluster.sql(
        `select kind, after ->> 'code' as code, workspace_id, address from events where actor = $1 and kind ~ '^connection-'`,
        [`user:${stranger.id}`],
      );
      expect(found).toEqual([{ kind: 'connection-closed', code: '4403', workspace_id: null, address: '127.0.0.1' }]);
    });
  });

  it('R1.4 a lock that is taken and given back', async () => {
    const { socket } = await live(anna);
    const { lock } = await granted(socket, [records[0] ?? 0]);
    socket.send({ type: 'unlock', request: `request-${++requests}`, lock });
    await socket.next('unlocked');
    const [taken, released] = await told(`lock:${lock}`, ['lock-taken', 'lock-released']);
    expect(taken).toMatchObject({ ...(await by(anna)), after: { records: [records[0]] } });
    expect(released).toMatchObject({
      ...(await by(anna)),
      before: { records: [records[0]], holder: `user:${anna.id}` },
      after: { reason: 'released' },
    });
    await socket[Symbol.asyncDispose]();
  });

  it('R1.4 a lock that its holder goes on with in another window, at another node', async () => {
    const one = await live(anna);
    const other = await live(anna, { node: 1 });
    const { lock } = await granted(one.socket, [records[1] ?? 0]);
    await granted(other.socket, [records[1] ?? 0]);
    const [, over] = await told(`lock:${lock}`, ['lock-taken', 'lock-released']);
    expect(over).toMatchObject({ ...(await by(anna)), after: { reason: 'taken-over' } });
    await one.socket[Symbol.asyncDispose]();
    await other.socket[Symbol.asyncDispose]();
  });

  it('R2.3 a lock whose connection is closed for good', async () => {
    const { socket } = await live(anna);
    const { lock } = await granted(socket, [records[2] ?? 0]);
    socket.close(1001);
    const [, released] = await told(`lock:${lock}`, ['lock-taken', 'lock-released']);
    expect(released).toMatchObject({ ...(await by(anna)), after: { reason: 'connection-closed' } });
  });

  it(
    'R2.3 a lock whose holder does not come back: lost, by nobody',
    async () => {
      const { socket } = await live(anna);
      const watcher = await live(ada, { node: 1 });
      const { lock } = await granted(socket, [records[3] ?? 0]);
      await socket[Symbol.asyncDispose]();
      await sleep(LOCK_RESUME_MS);
      const [, lost] = await told(`lock:${lock}`, ['lock-taken', 'lock-lost']);
      expect(lost).toMatchObject({
        actor: 'system',
        session_id: await sessionOf(anna),
        before: { records: [records[3]], holder: `user:${anna.id}` },
        after: { reason: 'expired' },
      });
      await watcher.socket[Symbol.asyncDispose]();
    },
    LOCK_RESUME_MS + 20_000,
  );

  it('R1.4 a lock that is taken away: by whom, in their session', async () => {
    const { socket } = await live(anna);
    const { lock } = await granted(socket, [records[4] ?? 0]);
    const response = await callHttp(cluster, workspacePath(cluster, `/locks/${lock}`), { as: ada, method: 'DELETE' });
    expect(response.status).toBe(204);
    // It is there with the act.
    expect((await entries(`lock:${lock}`, 'lock-taken-away')).map(({ actor }) => actor)).toEqual([`user:${ada.id}`]);
    const [, away] = await told(`lock:${lock}`, ['lock-taken', 'lock-taken-away']);
    expect(away).toMatchObject({ ...(await by(ada)), before: { records: [records[4]], holder: `user:${anna.id}` } });
    await socket[Symbol.asyncDispose]();
  });

  it('R5.2 a conflict, what it was about, and how it ended: by an edit, by another conflict, by a decision', async () => {
    const record = records[5] ?? 0;
    const edit = async (set: object, baseVersion: number, resolves?: object) => {
      const response = await callHttp(cluster, workspacePath(cluster, '/edits'), {
        as: anna,
        method: 'POST',
        json: { operation: randomUUID(), items: [{ record, baseVersion, set, ...(resolves && { resolves }) }] },
      });
      expect(response.status).toBe(200);
      const [outcome] = ((await response.json()) as { outcomes: { conflict?: string; outcome: string }[] }).outcomes;
      return outcome;
    };
    await edit({ note: 'eins' }, 1);
    const met = await edit({ note: 'zwei', done: false }, 1);
    const [first] = await told(`conflict:${met?.conflict}`, ['conflict-met']);
    expect(first).toMatchObject({
      ...(await by(anna)),
      after: {
        records: [record],
        baseVersion: 1,
        currentVersion: 2,
        fields: ['done', 'note'],
        overlaps: true,
        via: 'api',
      },
    });
    expect(JSON.stringify(first)).not.toMatch(/eins|zwei/);
    const again = await edit({ note: 'drei' }, 1, { conflict: met?.conflict, as: 'reapplied' });
    const [, superseded] = await told(`conflict:${met?.conflict}`, ['conflict-met', 'conflict-resolved']);
    expect(superseded).toMatchObject({
      before: { records: [record] },
      after: { resolution: 'superseded', supersededBy: again?.conflict },
    });
    await edit({ note: 'vier' }, 2, { conflict: again?.conflict, as: 'reapplied' });
    const [, reapplied] = await told(`conflict:${again?.conflict}`, ['conflict-met', 'conflict-resolved']);
    expect(reapplied).toMatchObject({ ...(await by(anna)), after: { resolution: 'reapplied' } });
    const last = await edit({ note: 'fünf' }, 1);
    await cluster.api(anna).resolveConflict(cluster.workspace, last?.conflict ?? '', { resolution: 'dropped' });
    const [, dropped] = await told(`conflict:${last?.conflict}`, ['conflict-met', 'conflict-resolved']);
    expect(dropped).toMatchObject({ ...(await by(anna)), after: { resolution: 'dropped' } });
  });

  it('an import that begins and ends, in the name of its person', async () => {
    const [good, bad] = await upload([sampleCsv(3, 500), 'not, a header\n']);
    const [started, finished] = await told(`import:${good}`, ['import-started', 'import-finished']);
    expect(started).toMatchObject({ ...(await by(anna)), after: { sizeBytes: expect.any(Number) } });
    expect(finished).toMatchObject({ actor: `user:${anna.id}`, after: { rows: { new: 3 } } });
    await cluster.api(anna).exportImportRows(cluster.workspace, good ?? '');
    const [, , exported] = await told(`import:${good}`, ['import-started', 'import-finished', 'records-exported']);
    expect(exported).toMatchObject({ ...(await by(anna)), after: { of: 'rejected-rows', format: 'csv', count: 0 } });
    const [, failed] = await told(`import:${bad}`, ['import-started', 'import-failed']);
    expect(failed).toMatchObject({ actor: `user:${anna.id}`, after: { problem: expect.any(String) } });
  });

  it('R5.4 a level that a person chooses', async () => {
    const put = (level: string) =>
      callHttp(cluster, '/api/v1/operations/level', { as: ada, method: 'PUT', json: { level } });
    expect((await put('reduced')).status).toBe(204);
    expect((await put('automatic')).status).toBe(204);
    const found = await cluster.sql(
      `select actor, address, session_id, before, after from events where kind = 'level-chosen' order by id`,
    );
    const { actor, address, session_id } = await by(ada);
    expect(found).toEqual([
      { actor, address, session_id, before: { level: 'automatic' }, after: { level: 'reduced' } },
      { actor, address, session_id, before: { level: 'reduced' }, after: { level: 'automatic' } },
    ]);
  });

  it('R4.3 clients that refresh by hand, and get changes again', async () => {
    const clara = await cluster.addPerson('Clara', { workspace: cluster.workspace, role: 'viewer' });
    const client = cluster.client(clara);
    client.start();
    await eventually(() => expect(client.connection.name).toBe('live'));
    const put = (level: string) =>
      callHttp(cluster, '/api/v1/operations/level', { as: ada, method: 'PUT', json: { level } });
    await put('manual');
    await eventually(() => expect(client.connection.name).toBe('manual'));
    await put('automatic');
    await eventually(() => expect(client.connection.name).toBe('live'));
    const [row] = await cluster.sql(`select subject from events where actor = $1 and kind ~ '^connection-'`, [
      `user:${clara.id}`,
    ]);
    const [, degraded, improved] = await told(row?.['subject'] as string, [
      'connection-opened',
      'connection-degraded',
      'connection-improved',
    ]);
    expect(degraded).toMatchObject({ before: { mode: 'live' }, after: { mode: 'manual', reason: 'level' } });
    expect(improved).toMatchObject({ before: { mode: 'manual' }, after: { mode: 'live' } });
  }, 30_000);
});

describe('R5.1 what nobody is left to tell', () => {
  it('R2.3 a lock whose node died is lost, once, whoever notices; one that is held is not', async () => {
    const { socket } = await live(anna);
    const held = (await granted(socket, [records[6] ?? 0])).lock;
    await told(`lock:${held}`, ['lock-taken']);
    const dead = randomUUID();
    await using database = connectDatabase({
      url: cluster.database.appUrl,
      maxConnections: 4,
      applicationName: 'test',
      onConnectionError: () => undefined,
    });
    const notice = {
      actor: `user:${anna.id}`,
      sessionId: null,
      address: '192.0.2.7',
      workspaceId: cluster.workspace,
      before: null,
      kind: 'lock-taken',
    } as const;
    // As a node wrote it a minute ago, and as if the other had been held for as long.
    await recordNotices(database, [
      { notice: { ...notice, subject: `lock:${dead}`, after: { records: [records[7]] } }, ageMs: () => 60_000 },
    ]);
    using service = connectLocks({
      redisUrl: cluster.redis.url,
      masterUrls: [],
      prefix: cluster.redisPrefix,
      channel: feedKeys(cluster.redisPrefix).state,
      onConnectionError: () => undefined,
      onUnreadable: () => undefined,
    });
    const noted: NewNotice[] = [];
    const settlements = [1, 2].map(() =>
      settleLocks({
        find: async (after) => {
          const { open, last } = await findOpenLocks(database.drizzle, after);
          return { open: open.map((one) => ({ ...one, ageMs: Math.max(one.ageMs, 60_000) })), last };
        },
        service,
        trail: {
          note: (one) => {
            noted.push(one);
            void recordNotices(database, [{ notice: one, ageMs: () => 0 }]);
          },
          untold: () => undefined,
        },
        runtime: systemRuntime,
        logger: createLogger({ name: 'test', level: 'silent', format: 'json' }),
        intervalMs: 100,
      }),
    );
    const [, lost] = await told(`lock:${dead}`, ['lock-taken', 'lock-lost']);
    for (const one of settlements) one[Symbol.dispose]();
    expect(lost).toMatchObject({
      actor: 'system',
      address: '192.0.2.7',
      before: { records: [records[7]], holder: `user:${anna.id}` },
      after: { reason: 'expired' },
    });
    // Whoever notices it again, however many at once: it is there already.
    const again = noted.slice(0, 1).map((one) => ({ notice: one, ageMs: () => 0 }));
    await Promise.all([1, 2, 3].map(() => recordNotices(database, again)));
    await told(`lock:${dead}`, ['lock-taken', 'lock-lost']);
    expect(await entries(`lock:${held}`)).toHaveLength(1);
    await socket[Symbol.asyncDispose]();
  });

  it('a session whose time is over ends on record, once, though nobody uses it', async () => {
    const idle = await cluster.addPerson('Ines');
    const session = await sessionOf(idle);
    await cluster.sql(`update auth.session set last_input_at = now() - interval '13 hours' where id = $1`, [session]);
    await using database = connectDatabase({
      url: cluster.database.authUrl,
      maxConnections: 2,
      applicationName: 'test',
      onConnectionError: () => undefined,
    });
    const hourMs = 3_600_000;
    const rules = { idleMs: 12 * hourMs, sharedIdleMs: hourMs, maxMs: 168 * hourMs, keyIds: [] };
    await Promise.all([endExpiredSessions(database, rules), endExpiredSessions(database, rules)]);
    expect(
      await cluster.sql(`select actor, before, after from events where kind = 'session-ended' and subject = $1`, [
        `session:${session}`,
      ]),
    ).toEqual([{ actor: 'system', before: { user: idle.id, kind: expect.any(String) }, after: { because: 'time' } }]);
    expect(await sessionOf(anna)).toBeDefined();
  });
});

async function upload(files: readonly string[]): Promise<string[]> {
  const form = new FormData();
  for (const [index, text] of files.entries())
    form.append('file', new Blob([text], { type: 'text/csv' }), `${index}.csv`);
  const response = await fetch(`${cluster.url()}${workspacePath(cluster, '/imports')}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${anna.token}` },
    body: form,
  });
  expect(response.status).toBe(202);
  return ((await response.json()) as { imports: { id: string }[] }).imports.map(({ id }) => id);
}
