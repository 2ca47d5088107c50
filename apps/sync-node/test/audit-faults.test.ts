import { randomUUID } from 'node:crypto';
import type { EditOutcome } from '@meldesync/protocol';
import {
  type Cluster,
  callHttp,
  connectRaw,
  eventually,
  expectProblem,
  metricOf,
  openTransaction,
  startCluster,
  type TestPerson,
  workspacePath,
} from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let cluster: Cluster;
let anna: TestPerson;
let ada: TestPerson;
let records: number[];

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false, logLevel: 'silent' });
  const { workspace } = cluster;
  anna = await cluster.addPerson('Anna', { workspace, role: 'editor' });
  ada = await cluster.addPerson('Ada', { workspace, role: 'admin' });
  records = await cluster.addRecords(20);
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** What keeps the trail from being written, and what takes that away again; and what an act is answered then. */
const FAULTS = [
  {
    name: 'the application may not write it any more',
    breaks: 'revoke insert on events from meldesync_app',
    mends: 'grant insert on events to meldesync_app',
    code: 'trail-unavailable',
  },
  {
    name: 'its disk is full',
    breaks: `create function disk_full() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$;
      create trigger disk_full before insert on events for each row execute function disk_full();
      alter table events enable always trigger disk_full`,
    mends: 'drop trigger disk_full on events; drop function disk_full()',
    code: 'unavailable',
  },
  {
    name: 'somebody has locked it',
    breaks: undefined,
    mends: undefined,
    code: 'unavailable',
  },
] as const;

/** Holds a lock on the table for as long as the work takes. */
async function whileLocked(work: () => Promise<void>): Promise<void> {
  await using transaction = await openTransaction(cluster.database.ownerUrl);
  await transaction.query('lock table events in access exclusive mode');
  await work();
  await transaction.rollback();
}

async function edit(record: number, baseVersion: number, note: string): Promise<EditOutcome | undefined> {
  const response = await callHttp(cluster, workspacePath(cluster, '/edits'), {
    as: anna,
    method: 'POST',
    json: { operation: randomUUID(), items: [{ record, baseVersion, set: { note } }] },
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { outcomes: EditOutcome[] }).outcomes[0];
}

async function live(person: TestPerson) {
  const socket = await connectRaw(cluster.url(), { token: person.token });
  const client = { kind: 'web', version: 'test' } as const;
  socket.send({ type: 'hello', workspace: cluster.workspace, client, instance: `instance-${randomUUID()}` });
  const { session } = await socket.next('welcome');
  return { socket, subject: `connection:${session}` };
}

const kindsOf = async (subject: string) =>
  (await cluster.sql('select kind from events where subject = $1 order by id', [subject])).map(({ kind }) => kind);

let used = 0;
const nextRecord = () => records[used++] ?? 0;

describe('R5.1 no event write can end an edit or a connection, and what must be on record does not happen without it', () => {
  it.each(FAULTS)(
    '$name',
    async ({ breaks, mends, code }) => {
      const [record, held] = [nextRecord(), nextRecord()];
      let conflict = '';
      let connection = '';
      let lock = '';
      const work = async () => {
        const { socket, subject } = await live(anna);
        connection = subject;
        socket.send({ type: 'lock', request: 'request-1', records: [held] });
        ({ lock } = (await socket.next('lock-granted')).lock);
        expect(await edit(record, 1, 'eins')).toMatchObject({ outcome: 'accepted' });
        const met = await edit(record, 1, 'zwei');
        expect(met).toMatchObject({ outcome: 'conflict' });
        conflict = met?.outcome === 'conflict' ? met.conflict : '';
        // Over the connection as well, which stays.
        socket.send({
          type: 'edit',
          operation: randomUUID(),
          items: [{ record, baseVersion: 2, set: { note: 'drei' } }],
        });
        expect((await socket.next('edited')).outcomes).toMatchObject([{ outcome: 'accepted' }]);

        const acts = {
          'take a lock away': () =>
            callHttp(cluster, workspacePath(cluster, `/locks/${lock}`), { as: ada, method: 'DELETE' }),
          'choose a level': () =>
            callHttp(cluster, '/api/v1/operations/level', { as: ada, method: 'PUT', json: { level: 'reduced' } }),
          'settle a conflict': () =>
            callHttp(cluster, workspacePath(cluster, `/conflicts/${conflict}/resolution`), {
              as: anna,
              method: 'POST',
              json: { resolution: 'dropped' },
            }),
          import: () => {
            const body = new FormData();
            body.append('file', new Blob(['a'], { type: 'text/csv' }), 'a.csv');
            return callHttp(cluster, workspacePath(cluster, '/imports'), { as: anna, method: 'POST', body });
          },
        };
        for (const [act, carryOut] of Object.entries(acts)) {
          const problem = await expectProblem(await carryOut(), code);
          expect([act, problem.code]).toEqual([act, code]);
        }
        // None of them has happened.
        const { locks } = (await (await callHttp(cluster, workspacePath(cluster, '/locks'), { as: ada })).json()) as {
          locks: { lock: string }[];
        };
        expect(locks.map((one) => one.lock)).toEqual([lock]);
        expect(await cluster.sql('select resolution from conflicts where id = $1', [conflict])).toEqual([
          { resolution: null },
        ]);
        expect(await cluster.sql('select count(*)::int as count from imports')).toEqual([{ count: 0 }]);
        expect(socket.closed).toBeUndefined();
        socket.close(1001);
      };
      if (breaks === undefined) await whileLocked(work);
      else {
        await cluster.sql(breaks);
        try {
          await work();
        } finally {
          await cluster.sql(mends);
        }
      }
      // Nothing of what was noted meanwhile is lost.
      await eventually(async () => {
        expect(await kindsOf(connection)).toEqual(['connection-opened', 'connection-closed']);
        expect(await kindsOf(`lock:${lock}`)).toEqual(['lock-taken', 'lock-released']);
        expect(await kindsOf(`conflict:${conflict}`)).toEqual(['conflict-met']);
      });
    },
    60_000,
  );

  it('the partition of this month is gone', async () => {
    const [{ partition } = {}] = await cluster.sql(
      `select 'events_' || to_char(now() at time zone 'UTC', 'YYYY_MM') as partition`,
    );
    await cluster.sql(`drop table ${String(partition)}`);
    const { socket, subject } = await live(anna);
    const record = nextRecord();
    expect(await edit(record, 1, 'eins')).toMatchObject({ outcome: 'accepted' });
    const met = await edit(record, 1, 'zwei');
    const conflict = met?.outcome === 'conflict' ? met.conflict : '';
    await cluster.api(anna).resolveConflict(cluster.workspace, conflict, { resolution: 'dropped' });
    socket.close(1000);
    await eventually(async () => expect(await kindsOf(subject)).toEqual(['connection-opened', 'connection-closed']));
    expect(await kindsOf(`conflict:${conflict}`)).toEqual(['conflict-met', 'conflict-resolved']);
  });

  it('the partition of this month is gone, and that of what belongs nowhere', async () => {
    await cluster.sql('drop table events_default');
    const { socket } = await live(anna);
    const record = nextRecord();
    expect(await edit(record, 1, 'eins')).toMatchObject({ outcome: 'accepted' });
    expect(await edit(record, 1, 'zwei')).toMatchObject({ outcome: 'conflict' });
    expect(socket.closed).toBeUndefined();
    // What was refused for good is counted, and said as soon as there is a place for it again.
    const untold = () => metricOf(cluster.nodes[0], 'meldesync_audit_notices_total', { outcome: 'untold' });
    await eventually(async () => expect(await untold()).toBeGreaterThan(0));
    await cluster.sql('select meldesync_events_partitions(now())');
    await cluster.sql('grant select, insert on events to meldesync_app');
    await eventually(async () => {
      const [entry] = await cluster.sql(`select after from events where kind = 'entries-untold'`);
      expect(entry?.['after']).toMatchObject({ count: await untold(), node: 'node-1' });
    });
    await socket[Symbol.asyncDispose]();
  });
});
