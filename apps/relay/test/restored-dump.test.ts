import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DumpablePostgres,
  eventually,
  findDumpPrograms,
  openTransaction,
  runSql,
  startDumpablePostgres,
} from '@meldesync/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWatchedCluster, type WatchedCluster } from './watched-cluster.ts';

/** Without it: the programs that npm brings hold no pg_dump, and that of the machine reads no server that is newer than it is. */
const programs = findDumpPrograms();

describe.skipIf(programs === undefined)('an older dump that is put back over the living database', () => {
  let postgres: DumpablePostgres;
  let folder: string;
  let watched: WatchedCluster;
  let records: number[];
  let dump: string;
  let begun: unknown;

  beforeAll(async () => {
    postgres = await startDumpablePostgres(programs ?? '');
    folder = await mkdtemp(join(tmpdir(), 'meldesync-dump-'));
    dump = join(folder, 'dump');
  });
  afterAll(async () => {
    await postgres[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    watched = await startWatchedCluster({ postgresUrl: postgres.url });
    records = await watched.cluster.addRecords(6);
    await write('in the dump', records.slice(0, 4));
    await watched.expectAllSame();
    begun = await epoch();
    await postgres.dump(watched.cluster.database.ownerUrl, dump);
    await write('after the dump', records.slice(0, 2));
    await watched.cluster.sql('delete from records where id = $1', [records[3]]);
    await watched.cluster.addRecords(1, { first: 50 });
    await watched.expectAllSame();
  });
  afterEach(() => watched[Symbol.asyncDispose]());

  async function write(note: string, ids: readonly number[]): Promise<void> {
    for (const id of ids) await watched.cluster.sql('update records set note = $1 where id = $2', [note, id]);
  }

  const epoch = async () => (await watched.cluster.sql('select epoch from feed_state'))[0]?.['epoch'];
  const restore = (...args: string[]) =>
    postgres.restore([`--dbname=${watched.cluster.database.ownerUrl}`, ...args, dump]);
  /** Once more where it and the service waited for each other's locks, as whoever restores would. */
  const restoreAll = async (...args: string[]): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      try {
        await restore('--clean', '--if-exists', ...args);
        return;
      } catch (error) {
        if (attempt === 10 || !String(error).includes('deadlock detected')) throw error;
      }
    }
  };
  const notes = async () => (await watched.cluster.sql('select note from records order by id')).map(({ note }) => note);

  /** The history of each record goes from version to version, from an insert on, and its newest version is the record's. */
  async function expectWholeHistory(): Promise<void> {
    const broken = await watched.cluster.sql(
      `select record_id, array_agg(op || ' ' || version order by version) as steps from changes group by record_id
       having count(*) <> max(version) - min(version) + 1
         or max(version) <> coalesce((select version from records where id = record_id), max(version))`,
    );
    expect(broken).toEqual([]);
  }

  /** Everybody edits, and everybody sees it. */
  async function expectEditsWork(): Promise<void> {
    const [screen] = watched.screens;
    for (const record of records.slice(0, 2)) {
      const shown = screen?.store.get(record);
      const outcomes = await screen?.edit([
        { record, baseVersion: shown?.version ?? 0, set: { note: `edited ${record}` } },
      ]);
      expect(outcomes).toEqual([{ record, outcome: 'accepted', version: (shown?.version ?? 0) + 1 }]);
    }
    await write('by sql', records.slice(2, 3));
    await watched.expectAllSame();
    expect((await notes()).slice(0, 3)).toEqual([`edited ${records[0]}`, `edited ${records[1]}`, 'by sql']);
  }

  it.each([
    ['statement by statement', []],
    ['at one moment', ['--single-transaction']],
  ])('R1.1 R4.2 whole, %s: one new epoch, and everybody shows it', async (_, how) => {
    await restoreAll(...how);
    await eventually(async () => expect(await epoch()).not.toBe(begun));
    await watched.expectAllSame();
    expect(await notes()).toEqual(['in the dump', 'in the dump', 'in the dump', 'in the dump', null, null]);
    await expectWholeHistory();
    const fresh = await epoch();
    await expectEditsWork();
    expect(await epoch()).toBe(fresh);
    expect(await watched.cluster.sql('select * from meldesync_changed_triggers()')).toEqual([]);
  });

  it('P6 whole: who was no member yet is out', async () => {
    const { cluster } = watched;
    const ben = await cluster.addPerson('Ben', { workspace: cluster.workspace, role: 'editor' });
    const screen = cluster.client(ben);
    screen.start();
    await eventually(() => expect(screen.connection.name).toBe('live'));
    await restoreAll('--single-transaction');
    await eventually(() => expect(['needs-sign-in', 'refused', 'signed-out']).toContain(screen.connection.name));
  });

  it('R1.1 R3.4 only its records, with all triggers off: everybody is told', async () => {
    await past('delete from records');
    await restore('--data-only', '--table=records', '--disable-triggers');
    await watched.cluster.sql('select meldesync_enable_triggers()');
    await watched.expectAllSame();
    expect(await notes()).toEqual(['in the dump', 'in the dump', 'in the dump', 'in the dump', null, null]);
    await expectWholeHistory();
    await expectEditsWork();
  });

  it('R1.1 R3.4 only its records, as a replica: each is told at once', async () => {
    const rows = await postgres.restore(['--data-only', '--table=records', '--file=-', dump]);
    const copied = rows.slice(rows.indexOf('COPY public.records'));
    const [header = '', ...lines] = copied.slice(0, copied.indexOf('\n\\.')).split('\n');
    const columns = /\((.*)\)/.exec(header)?.[1] ?? '';
    {
      await using session = await openTransaction(watched.cluster.database.ownerUrl);
      await session.query('set local session_replication_role = replica');
      await session.query('delete from records');
      for (const line of lines) {
        const values = line.split('\t').map((value) => (value === '\\N' ? null : value));
        const places = values.map((__, at) => `$${at + 1}`).join(', ');
        await session.query(`insert into records (${columns}) overriding system value values (${places})`, values);
      }
      await session.commit();
    }
    await watched.expectAllSame();
    expect(await notes()).toEqual(['in the dump', 'in the dump', 'in the dump', 'in the dump', null, null]);
    await expectWholeHistory();
    await expectEditsWork();
  });

  it('R1.1 R5.5 only its history, with all triggers off: one new epoch, nothing is told twice', async () => {
    await runSql(
      watched.cluster.database.ownerUrl,
      'alter table changes disable trigger all; delete from changes; alter table changes enable trigger all',
    );
    await restore('--data-only', '--table=changes', '--disable-triggers');
    await watched.cluster.sql('select meldesync_enable_triggers()');
    await eventually(async () => expect(await epoch()).not.toBe(begun));
    await watched.expectAllSame();
    expect((await notes()).slice(0, 3)).toEqual(['after the dump', 'after the dump', 'in the dump']);
    await expectEditsWork();
  });

  /** Runs a statement with all triggers of `records` switched off, which they stay. */
  const past = (statement: string) =>
    runSql(watched.cluster.database.ownerUrl, `alter table records disable trigger all; ${statement}`);
});
