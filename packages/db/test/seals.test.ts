import { readFile } from 'node:fs/promises';
import { jsonbText } from '@meldesync/audit';
import { eventually, openTransaction } from '@meldesync/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealEntries, tryToBeSealer } from '../src/index.ts';
import { createSealSetup, openAsOwner, type SealSetup, verifyDatabase } from './seal-setup.ts';

let setup: SealSetup;
beforeAll(async () => {
  setup = await createSealSetup();
});
afterAll(() => setup[Symbol.asyncDispose]());

const sealOnce = (most = 1_000) => sealEntries(setup.connection.drizzle, most);

describe('the sealing', () => {
  it('R5.5 seals every entry once, in batches, and what is verified by other code than sealed it passes', async () => {
    await setup.act(30);
    await setup.seal(7);
    await setup.act(10);
    await setup.sealAll();
    await setup.act(25);
    for (let round = 0; round < 6; round++) await setup.seal(9);
    await setup.sealAll();
    const [counted] = await setup.database.sql(
      `select (select count(*) from changes)::int + (select count(*) from events)::int as entries,
         (select count(*)::int from audit_leaves) as leaves, (select size::int from audit_seals order by no desc limit 1) as size`,
    );
    const verdict = await verifyDatabase(setup.connection, setup.lines);
    expect(verdict).toMatchObject({ entries: counted?.['entries'], unsealed: 0, found: 0, findings: [] });
    expect(counted?.['leaves']).toBe(counted?.['entries']);
    expect(counted?.['size']).toBe(counted?.['entries']);
    expect(verdict.checkpoints.outside).toBe(setup.lines.length);
    expect(verdict.seals).toBeGreaterThan(4);
  });

  it('seals nothing that an open transaction may still come before, says who holds it, and seals all of it then', async () => {
    await using open = await openTransaction(setup.database.ownerUrl);
    await open.query(`insert into events (kind, actor, after) values ('sign-in-failed', 'setup', '{"n": 1}')`);
    const [pid] = await open.query('select pg_backend_pid() as pid');
    await setup.act(5);
    await setup.seal();
    await setup.seal();
    // The oldest transaction of the server holds it, which may be one of another database for a while.
    await eventually(async () => {
      const held = await sealOnce();
      expect(held).toMatchObject({ sealed: 0, heldBy: pid?.['pid'] });
      expect(held?.heldMs).toBeGreaterThan(0);
    });
    expect(await verifyDatabase(setup.connection)).toMatchObject({ unsealed: 5, found: 0 });
    await open.commit();
    await setup.sealAll();
    expect(await verifyDatabase(setup.connection, setup.lines)).toMatchObject({ unsealed: 0, found: 0 });
  });

  it('waits for who has drawn an id before it has a transaction of its own, and passes over ids that never come', async () => {
    await using slow = await openTransaction(setup.database.ownerUrl);
    await slow.query('lock table events in row exclusive mode');
    const [drawn] = await slow.query(`select nextval('events_id_seq') as id`);
    await setup.act(6);
    for (let round = 0; round < 4; round++) await setup.seal();
    await slow.query(
      `insert into events (id, kind, actor, after) overriding system value values ($1, 'sign-in-failed', 'setup', '{}')`,
      [drawn?.['id']],
    );
    await slow.commit();
    await using none = await openTransaction(setup.database.ownerUrl);
    await none.query(`insert into events (kind, actor, after) values ('sign-in-failed', 'setup', '{}')`);
    await none.rollback();
    await setup.sealAll();
    expect(await verifyDatabase(setup.connection, setup.lines)).toMatchObject({ unsealed: 0, found: 0 });
  });

  it('goes on by id where the transactions are those of another server, and by transaction after it', async () => {
    await setup.act(4);
    await setup.sealAll();
    await setup.database.sql(`update audit_state set incarnation = '1/00000001'`);
    await setup.act(4);
    expect(await sealOnce()).toMatchObject({ sealed: 0, began: expect.stringMatching(/^\d+\/[0-9A-F]{8}$/) });
    await setup.act(4);
    await setup.sealAll();
    const kinds = await setup.database.sql(`select before, after from events where kind = 'incarnation-began'`);
    expect(kinds).toEqual([
      { before: { incarnation: '1/00000001' }, after: { incarnation: expect.any(String), seal: expect.any(Number) } },
    ]);
    expect(await verifyDatabase(setup.connection, setup.lines)).toMatchObject({ unsealed: 0, found: 0 });
  });

  it('is done by one session at a time, of one worker', async () => {
    await using other = openAsOwner(setup.database.ownerUrl);
    await other.drizzle.transaction(async (tx) => {
      expect(await sealEntries(tx, 10)).not.toBeNull();
      expect(await sealOnce()).toBeNull();
      expect(await tryToBeSealer(tx)).toBe(true);
      expect(await tryToBeSealer(setup.connection.drizzle)).toBe(false);
    });
  });

  it.each([
    `update audit_seals set size = size + 1`,
    `delete from audit_seals`,
    `truncate audit_seals`,
    `update audit_leaves set leaf = salt || salt`,
    `update audit_leaves set salt = leaf`,
    `update audit_leaves set entry = entry + 1000`,
    `delete from audit_leaves`,
    `truncate audit_leaves`,
    `update audit_checkpoints set size = 1`,
    `delete from audit_checkpoints`,
  ])('refuses %s', async (statement) => {
    await expect(setup.database.sql(statement)).rejects.toThrow(/append-only/);
  });

  it('is found whole by the plain SQL of docs/AUDIT.md, which finds what is altered', async () => {
    const document = await readFile(new URL('../../../docs/AUDIT.md', import.meta.url), 'utf8');
    const statements = [...document.matchAll(/```sql\n([^`]+)```/g)].flatMap(([, block = '']) =>
      block.split(/;\n/).filter((statement) => statement.trim() !== ''),
    );
    expect(statements).toHaveLength(4);
    const run = async () => Promise.all(statements.map((statement) => setup.database.sql(statement)));
    expect(await run()).toEqual([[], [], [], [{ is_whole: true }]]);
    const [sealed] = await setup.database.sql(
      `select entry from audit_leaves where source = 'e' order by seal, position limit 1`,
    );
    const tamper = async (statement: string) => {
      await setup.database.sql('alter table events disable trigger all');
      await setup.database.sql(statement, [sealed?.['entry']]);
      await setup.database.sql('alter table events enable trigger all');
      await setup.database.sql('select meldesync_enable_triggers()');
    };
    await tamper(`update events set address = '198.51.100.9' where id = $1`);
    const [altered] = await run();
    expect(altered).toEqual([expect.objectContaining({ id: sealed?.['entry'] })]);
    await tamper(`update events set address = '192.0.2.7' where id = $1`);
    expect((await run())[0]).toEqual([]);
  });

  it('is the canonical text that Postgres makes', async () => {
    const number = fc
      .tuple(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.option(fc.nat(), { nil: undefined }),
        fc.option(fc.integer({ min: -40, max: 40 }), { nil: undefined }),
      )
      .map(
        ([whole, decimals, exponent]) =>
          `${whole}${decimals === undefined ? '' : `.${decimals}`}${exponent === undefined ? '' : `e${exponent}`}`,
      );
    const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\u0000', ''));
    const { json } = fc.letrec<{ json: string }>((tie) => ({
      json: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.oneof(
          number,
          text.map((value) => JSON.stringify(value)),
          fc.constantFrom('true', 'false', 'null'),
        ),
        fc.array(tie('json'), { maxLength: 4 }).map((items) => `[ ${items.join(' ,')}]`),
        fc
          .array(fc.tuple(text, tie('json')), { maxLength: 5 })
          .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(fc.array(json, { minLength: 1, maxLength: 20 }), async (texts) => {
        const rows = await setup.database.sql('select given::jsonb::text as text from unnest($1::text[]) given', [
          texts,
        ]);
        expect(texts.map(jsonbText)).toEqual(rows.map((row) => row['text']));
      }),
      { numRuns: 60 },
    );
  });
});
