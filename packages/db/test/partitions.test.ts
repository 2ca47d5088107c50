import { openTransaction, runSql } from '@meldesync/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectDatabase, type Database, makePartitions } from '../src/index.ts';
import { createSealSetup, type SealSetup, verifyDatabase } from './seal-setup.ts';

let setup: SealSetup;
let worker: Database;

beforeEach(async () => {
  setup = await createSealSetup();
  worker = connectDatabase({
    url: setup.database.urlAs('worker'),
    maxConnections: 1,
    applicationName: 'test-partitions',
    onConnectionError: () => undefined,
  });
});
afterEach(async () => {
  await worker[Symbol.asyncDispose]();
  await setup[Symbol.asyncDispose]();
});

const sql = (text: string, values: unknown[] = []) => setup.database.sql(text, values);
const make = (table: 'events' | 'import_rows') => makePartitions(worker.drizzle, table);
/** What the partition of a month is called, so many months from now. */
const partition = (table: string, months: number): string => {
  const now = new Date();
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1));
  return `${table}_${month.toISOString().slice(0, 7).replace('-', '_')}`;
};
/** As it is where nobody has made the partition in time. */
const takeAway = (table: string, months: number) => sql(`drop table ${partition(table, months)}`);
const addEvents = (count: number, months: number) =>
  sql(
    `insert into events (at, kind, actor, session_id, address, subject, before, after)
     select date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' + make_interval(months => $2, secs => n),
       'session-opened', 'user:anna', 's' || n, '192.0.2.7', 'user:anna', null, jsonb_build_object('method', 'Ä' || n)
     from generate_series(1, $1::int) n`,
    [count, months],
  );
const placesOf = async (table: string) =>
  sql(`select tableoid::regclass::text as place, count(*)::int as count from ${table} group by 1 order by 1`);
const rowsOf = (table: string, order: string) =>
  sql(`select to_jsonb(one)::text as row from ${table} one order by ${order}`);
const isSound = async () => expect(await verifyDatabase(setup.connection)).toMatchObject({ findings: [] });

describe('R5.5 a partition that was not made in time', () => {
  it('is made with the events of its month, and all seals prove them as before', async () => {
    for (const months of [0, 1]) await takeAway('events', months);
    // Of a month gone by, too, and of a clock that was wrong.
    await addEvents(3, -4);
    await addEvents(40, 0);
    await addEvents(7, 1);
    await sql(`insert into events (at, kind, actor) values ('1950-01-01', 'sign-in', 'user:anna')`);
    await setup.sealAll();
    await isSound();
    const before = await rowsOf('events', 'id');
    const columns = await sql('select * from events limit 1');

    expect(await make('events')).toBe(3);
    expect(await placesOf('events')).toEqual(
      [
        { place: partition('events', -4), count: 3 },
        { place: partition('events', 0), count: 40 },
        { place: partition('events', 1), count: 7 },
        { place: 'events_default', count: 1 },
      ].toSorted((a, b) => (a.place < b.place ? -1 : 1)),
    );
    expect(await rowsOf('events', 'id')).toEqual(before);
    expect(Object.keys((await sql('select * from events limit 1'))[0] ?? {})).toEqual(Object.keys(columns[0] ?? {}));
    await setup.sealAll();
    await isSound();

    // As strict as one that was made in time, and the default is again.
    for (const place of ['events_default', partition('events', -4), partition('events', 0)])
      for (const statement of [`delete from ${place}`, `update ${place} set kind = 'sign-in'`, `truncate ${place}`])
        await expect(sql(statement)).rejects.toMatchObject({ code: '42501' });
    const triggersOf = (place: string) =>
      sql(`select tgname, tgenabled from pg_trigger where tgrelid = $1::regclass order by 1`, [place]);
    expect(await triggersOf(partition('events', 0))).toEqual(await triggersOf(partition('events', 2)));
    expect(await triggersOf('events_default')).toEqual(await triggersOf(partition('events', 2)));
    const indexesOf = (place: string) =>
      sql(
        `select parent.inhparent::regclass::text as of from pg_index i join pg_inherits parent on parent.inhrelid = i.indexrelid
         where i.indrelid = $1::regclass order by 1`,
        [place],
      );
    expect(await indexesOf(partition('events', 0))).toEqual(await indexesOf(partition('events', 2)));
    expect(await sql('select * from meldesync_changed_tables()')).toEqual([]);
    await setup.act(3);
    await setup.sealAll();
    await isSound();
    expect(await make('events')).toBe(0);
  });

  it('is made with the rows of imports of its month', async () => {
    await takeAway('import_rows', 1);
    const [workspace] = await sql('select id from workspaces');
    const [added] = await sql(
      `insert into imports (workspace_id, filename, size_bytes, created_by, status) values ($1, 'a.csv', 1, 'anna', 'finished') returning id`,
      [workspace?.['id']],
    );
    await sql(
      `insert into import_rows (import_id, line, outcome, findings, at)
       select $1, n, 'warned', '[]', date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' + interval '1 month' from generate_series(1, 5) n`,
      [added?.['id']],
    );
    const before = await rowsOf('import_rows', 'line');
    expect(await make('import_rows')).toBe(1);
    expect(await placesOf('import_rows')).toEqual([{ place: partition('import_rows', 1), count: 5 }]);
    expect(await rowsOf('import_rows', 'line')).toEqual(before);
  });

  it('is made while events are written and sealed, and none is lost or told twice', async () => {
    await takeAway('events', 0);
    await addEvents(5_000, 0);
    const making = { isOver: false };
    let written = 0;
    const write = async () => {
      await using transaction = await openTransaction(setup.database.appUrl);
      await transaction.query('commit');
      while (!making.isOver || written < 50) {
        await transaction.query(`insert into events (kind, actor) values ('sign-in', 'user:anna')`);
        written += 1;
      }
    };
    const seal = async () => {
      while (!making.isOver) await setup.seal(500);
    };
    const makeUntilDone = async () => {
      for (let tries = 1; tries <= 50; tries++)
        try {
          await make('events');
          break;
        } catch (error) {
          if (tries === 50) throw error;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
    };
    const made = makeUntilDone().finally(() => {
      making.isOver = true;
    });
    await Promise.all([write(), write(), seal(), made]);
    expect(await placesOf('events')).toEqual([{ place: partition('events', 0), count: 5_000 + written }]);
    await setup.sealAll();
    await isSound();
  }, 15_000);

  it('changes nothing of what somebody reads who began before', async () => {
    await takeAway('events', 0);
    await addEvents(5, 0);
    await using reading = await openTransaction(setup.database.urlAs('auditor'));
    await reading.query('set transaction isolation level repeatable read');
    await reading.query('select count(*) from workspaces');
    await make('events');
    expect(await reading.query('select count(*)::int as count from events')).toEqual([{ count: 5 }]);
  });

  it('waits only for a moment for who holds the table, and lets nobody wait longer', async () => {
    await takeAway('events', 0);
    await addEvents(5, 0);
    await using holding = await openTransaction(setup.database.urlAs('auditor'));
    await holding.query('select count(*) from events');
    const made = expect(make('events')).rejects.toMatchObject({ cause: { code: '55P03' } });
    await runSql(setup.database.appUrl, `insert into events (kind, actor) values ('sign-in', 'user:anna')`);
    await made;
    expect(await placesOf('events')).toEqual([{ place: 'events_default', count: 6 }]);
    await holding.query('rollback');
    expect(await make('events')).toBe(1);
    expect(await placesOf('events')).toEqual([{ place: partition('events', 0), count: 6 }]);
  });
});
