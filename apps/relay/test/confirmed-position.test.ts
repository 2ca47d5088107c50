import { connectDatabase, createSlot } from '@meldesync/db';
import {
  createTestDatabase,
  eventually,
  openTransaction,
  runSql,
  sampleMeldebestaetigung,
  type TestDatabase,
} from '@meldesync/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { followReplication, type ReplicationStream } from '../src/replication/replication-stream.ts';

interface Commit {
  readonly record: string;
  readonly commitLsn: string;
  readonly endLsn: string;
}

let database: TestDatabase;
let workspace: string;
let startLsn: string;

beforeEach(async () => {
  database = await createTestDatabase();
  const [row] = await runSql(database.ownerUrl, `insert into workspaces (name) values ('Testklinik') returning id`);
  workspace = String(row?.['id']);
  await using pool = connectDatabase({
    url: database.ownerUrl,
    maxConnections: 1,
    applicationName: 'test',
    onConnectionError: (error) => {
      throw error;
    },
  });
  startLsn = await createSlot(pool, database.slot);
});
afterEach(() => database[Symbol.asyncDispose]());

/** Whether somebody reads from the slot, and the decimal LSN confirmed to it. */
async function slotState(): Promise<Record<string, unknown>> {
  const [state] = await runSql(
    database.ownerUrl,
    `select active, (confirmed_flush_lsn - '0/0')::text as confirmed from pg_replication_slots where slot_name = $1`,
    [database.slot],
  );
  if (!state) throw new Error('the slot is gone');
  return state;
}

/** Follows from a position until `use` is done with it; all commits so far are in `commits`. */
async function follow(
  fromLsn: string,
  use: (commits: readonly Commit[], stream: ReplicationStream) => Promise<void>,
): Promise<void> {
  await eventually(async () => expect((await slotState())['active']).toBe(false));
  const ending = new AbortController();
  const commits: Commit[] = [];
  let stream: ReplicationStream | undefined;
  let record = '';
  const running = followReplication(
    {
      url: database.ownerUrl,
      slot: database.slot,
      fromLsn,
      signal: ending.signal,
      confirmedLsn: () => fromLsn,
      silences: 0,
      onAsked: () => undefined,
    },
    {
      onStart: async () => undefined,
      onChange: (_commitLsn, row) => {
        record = row.record_id;
      },
      onCommit: ({ commitLsn }, endLsn) => {
        if (record) commits.push({ record, commitLsn, endLsn });
        record = '';
      },
      onCanary: () => undefined,
      onIdle: () => undefined,
    },
    (opened) => {
      stream = opened;
    },
  );
  try {
    if (!stream) throw new Error('the stream did not open');
    await Promise.race([use(commits, stream), running]);
  } finally {
    ending.abort();
    await running;
  }
}

async function insertRecord(number: number) {
  const transaction = await openTransaction(database.ownerUrl);
  const { vorgangsnummer, ibe } = sampleMeldebestaetigung(number);
  await transaction.query('insert into records (workspace_id, vorgangsnummer, ibe) values ($1, $2, $3)', [
    workspace,
    vorgangsnummer,
    ibe,
  ]);
  return transaction;
}

it('R1.1 the commit that begins where the confirmed one ends is read again', async () => {
  let pair: [Commit, Commit] | undefined;
  await follow(startLsn, async (commits, stream) => {
    // Two commits right behind each other in the WAL: nothing of any other transaction between them.
    for (let attempt = 0; !pair; attempt++) {
      await using first = await insertRecord(2 * attempt);
      await using second = await insertRecord(2 * attempt + 1);
      await Promise.all([first.commit(), second.commit()]);
      await eventually(() => expect(commits.length).toBe(2 * attempt + 2));
      const [a, b] = commits.slice(-2);
      if (a && b && a.endLsn === b.commitLsn) pair = [a, b];
    }
    await stream.confirm(pair[0].endLsn);
    const { endLsn } = pair[0];
    await eventually(async () => expect((await slotState())['confirmed']).toBe(endLsn));
  });
  await follow(pair?.[0].endLsn ?? '', async (commits) => {
    await eventually(() => expect(commits[0]).toEqual(pair?.[1]));
  });
});

it('ends at once, also while it is still connecting', async () => {
  for (let attempt = 0; attempt < 5; attempt++) await follow(startLsn, async () => undefined);
});
