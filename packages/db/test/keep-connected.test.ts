import { eventually, type FaultProxy, startFaultProxy } from '@meldesync/testkit';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { connectDatabase, type Database, isOutage, keepConnected, PostgresSilentError } from '../src/index.ts';
import { createEditSetup, type EditSetup } from './edit-setup.ts';

let setup: EditSetup;
let wire: FaultProxy;
let url: string;
let database: Database;
beforeAll(async () => {
  setup = await createEditSetup();
});
afterAll(() => setup[Symbol.asyncDispose]());
beforeEach(async () => {
  const address = new URL(setup.appUrl);
  wire = await startFaultProxy({ port: Number(address.port) });
  address.port = String(wire.port);
  address.hostname = '127.0.0.1';
  url = address.href;
  database = connectDatabase({
    url,
    maxConnections: 2,
    applicationName: 'test-silent',
    limits: { lockMs: 2_000, statementMs: 30_000 },
    onConnectionError: () => undefined,
  });
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
  await wire[Symbol.asyncDispose]();
});

it('R1.5 a Postgres that falls silent is noticed, and what waits for it fails as an outage', async () => {
  const lost: Error[] = [];
  await using kept = keepConnected({
    url,
    applicationName: 'test-kept',
    onLost: (error) => {
      lost.push(error);
      if (error instanceof PostgresSilentError) database.breakOff();
    },
  });
  await kept.ready;
  expect(kept.answers).toBe(true);
  await database.drizzle.execute(sql`select 1`);
  wire.silence();
  const waiting = [
    database.drizzle.execute(sql`select 2`),
    database.drizzle.transaction(async (tx) => tx.execute(sql`select 3`)),
  ];
  const failures = await Promise.all(
    waiting.map((work) =>
      work.then(
        () => 'answered',
        (error: unknown) => error,
      ),
    ),
  );
  expect(failures.map(isOutage)).toEqual([true, true]);
  expect(lost[0]).toBeInstanceOf(PostgresSilentError);
  expect(kept.answers).toBe(false);
  wire.restore();
  await eventually(() => expect(kept.answers).toBe(true));
  expect((await database.drizzle.execute(sql`select 4 as four`)).rows).toEqual([{ four: 4 }]);
});

it('R1.5 what a transaction has locked is free soon after its line fell silent, though something keeps Postgres’ end open', async () => {
  const LOCK = 4_711;
  await using other = connectDatabase({
    url: setup.appUrl,
    maxConnections: 1,
    applicationName: 'test-other',
    onConnectionError: () => undefined,
  });
  const isFree = async () =>
    (await other.drizzle.execute(sql`select pg_try_advisory_xact_lock(${LOCK}) as free`)).rows[0]?.['free'];
  await database.drizzle
    .transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${LOCK})`);
      expect(await isFree()).toBe(false);
      wire.silence();
      database.breakOff();
      await tx.execute(sql`select 1`);
    })
    .catch((error: unknown) => expect(isOutage(error)).toBe(true));
  await eventually(async () => expect(await isFree()).toBe(true));
});

it('ends while Postgres is silent', async () => {
  const kept = keepConnected({ url, applicationName: 'test-kept', onLost: () => undefined });
  await kept.ready;
  wire.silence();
  await kept[Symbol.asyncDispose]();
});

it('R1.5 a statement that takes long is no silence', async () => {
  const lost: Error[] = [];
  await using kept = keepConnected({
    url,
    applicationName: 'test-kept',
    probeIntervalMs: 50,
    onLost: (error) => lost.push(error),
  });
  await kept.ready;
  await database.drizzle.execute(sql`select pg_sleep(7)`);
  expect(lost).toEqual([]);
});
