import { randomInt } from 'node:crypto';
import { eventually } from '@meldesync/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSealSetup, openAsOwner, type SealSetup, verifyDatabase } from './seal-setup.ts';
import { type SealedEntry, TAMPERINGS } from './tamperings.ts';

const TABLES = ['changes', 'events', 'audit_seals', 'audit_leaves', 'audit_checkpoints'];
/** Each way several times; a night takes 200. */
const ROUNDS = Number(process.env['TAMPER_ROUNDS'] ?? 60);
/** All of it again: what is sealed in which batches, and what is tampered with. */
const SEED = Number(process.env['TAMPER_SEED'] ?? randomInt(2 ** 31));

/** The same numbers for the same seed (mulberry32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const random = randomOf(SEED);

let setup: SealSetup;
let entries: SealedEntry[];
let seals: number;
beforeAll(async () => {
  setup = await createSealSetup();
  await setup.act(12);
  await setup.sealAll();
  for (let batch = 0; batch < 10; batch++) {
    await setup.act(6 + random(8));
    for (let round = 0; round < 3; round++) await setup.seal(5 + random(20));
  }
  await setup.sealAll();
  const rows = await setup.database.sql(
    'select source, entry, seal, position from audit_leaves order by seal, position',
  );
  entries = rows.map((row) => ({
    source: row['source'] as 'c' | 'e',
    id: String(row['entry']),
    seal: Number(row['seal']),
    position: Number(row['position']),
  }));
  seals = entries.at(-1)?.seal ?? 0;
  // The last ones are not sealed: that is no finding.
  await setup.act(3);
}, 120_000);
afterAll(() => setup[Symbol.asyncDispose]());

interface Copy extends AsyncDisposable {
  readonly url: string;
}

/** A copy of the database, which a superuser may tamper with. */
async function copyDatabase(name: string): Promise<Copy> {
  const { ownerUrl } = setup.database;
  const original = new URL(ownerUrl).pathname.slice(1);
  const server = new URL(ownerUrl);
  server.pathname = '/postgres';
  const admin = async (...statements: string[]) => {
    const client = new pg.Client({ connectionString: server.toString() });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  // Nobody may be connected with what is copied.
  await eventually(() =>
    admin(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${original}'`,
      `create database ${name} template ${original}`,
    ),
  );
  const url = new URL(ownerUrl);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    [Symbol.asyncDispose]: () => admin(`drop database ${name} with (force)`),
  };
}

describe('a trail', () => {
  it('R5.5 that nobody touched passes, in a copy too, and what is not sealed yet is said', async () => {
    await using copy = await copyDatabase(`untouched_${randomInt(1e9)}`);
    await using connection = openAsOwner(copy.url);
    expect(await verifyDatabase(connection, setup.lines)).toMatchObject({
      found: 0,
      findings: [],
      entries: entries.length,
      seals,
      unsealed: 3,
      checkpoints: { inside: seals, outside: setup.lines.length, areSigned: true },
    });
  });

  it('R5.5 of which the last transaction seems to have written more says that this is not sealed', async () => {
    await using copy = await copyDatabase(`last_${randomInt(1e9)}`);
    await using connection = openAsOwner(copy.url);
    const last = entries.at(-1);
    await connection.drizzle.execute(
      `insert into ${last?.source === 'c' ? 'changes' : 'events'} ${
        last?.source === 'c'
          ? '(txid, workspace_id, record_id, version, op, before, after, actor, via, at) select txid, workspace_id, record_id + 5000, version, op, before, after, actor, via, at from changes'
          : '(txid, kind, actor, session_id, address, workspace_id, subject, before, after, at) select txid, kind, actor, session_id, address, workspace_id, subject, before, after, at from events'
      } where id = ${last?.id}`,
    );
    expect(await verifyDatabase(connection, setup.lines)).toMatchObject({ found: 0, unsealed: 4 });
  });

  it(`that is tampered with in one of ${Object.keys(TAMPERINGS).length} ways is found out, ${ROUNDS} times of ${ROUNDS} (seed ${SEED})`, async () => {
    const ways = Object.entries(TAMPERINGS);
    const missed: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const [way, tamper] = ways[round % ways.length] ?? [];
      if (way === undefined || tamper === undefined) throw new Error('there is no way');
      await using copy = await copyDatabase(`tampered_${randomInt(1e9)}_${round}`);
      const owner = new pg.Client({ connectionString: copy.url });
      await owner.connect();
      for (const table of TABLES) await owner.query(`alter table ${table} disable trigger all`);
      for (const table of TABLES.slice(2))
        await owner.query(
          `do $$ declare c record; begin for c in select conname from pg_constraint where conrelid = '${table}'::regclass and contype = 'c' loop
             execute format('alter table ${table} drop constraint %I', c.conname); end loop; end $$`,
        );
      const lines = [...setup.lines];
      const sql = async (text: string, values: unknown[] = []) =>
        (await owner.query<Record<string, unknown>>(text, values)).rows;
      const expected = await tamper({ entries, seals, lines, sql, random });
      await owner.end();
      await using connection = openAsOwner(copy.url);
      const { findings } = await verifyDatabase(connection, lines);
      const [first] = findings;
      const isFound =
        first !== undefined &&
        findings.some(({ kind }) => expected.kinds.includes(kind)) &&
        (expected.entry === undefined ||
          (first.entry?.source === expected.entry.source && first.entry.id === expected.entry.id)) &&
        (expected.seal === undefined || findings.some(({ seal }) => seal === expected.seal));
      if (!isFound)
        missed.push(
          `${round}, ${way}: wanted ${JSON.stringify(expected)}, found ${JSON.stringify(findings.slice(0, 3))}`,
        );
      // Whoever looks for it must know when it was.
      if (first && first.micros === null && first.kind !== 'checkpoint-unreadable')
        missed.push(`${round}, ${way}: no time`);
    }
    expect(missed).toEqual([]);
  }, 600_000);
});
