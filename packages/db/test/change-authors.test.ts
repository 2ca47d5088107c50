import { randomBytes } from 'node:crypto';
import { openTransaction, runSql } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createEditSetup, type EditSetup, item } from './edit-setup.ts';

const IMPORT = '0190c2d4-7a52-7d2f-9d8e-3f6a1c9b2e11';
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const CHECK_VIOLATION = '23514';

let setup: EditSetup;
let count = 0;

beforeAll(async () => {
  setup = await createEditSetup();
});
afterAll(() => setup[Symbol.asyncDispose]());

/** Updates a record by SQL with the settings given, as any role can; what is recorded of it. */
async function updateWith(settings: Readonly<Record<string, string>>, url = setup.ownerUrl) {
  const id = await setup.addRecord();
  await using transaction = await openTransaction(url);
  for (const [name, value] of Object.entries(settings))
    await transaction.query('select set_config($1, $2, true)', [`meldesync.${name}`, value]);
  count += 1;
  await transaction.query('update records set note = $1 where id = $2', [`update ${count}`, id]);
  await transaction.commit();
  const [row] = await setup.sql(
    `select actor, via, operation, import_id, traceparent from changes where record_id = $1 and op = 'update'`,
    [id],
  );
  return row;
}

const BY_ROLE = { actor: 'db:postgres', via: 'sql', operation: null, import_id: null, traceparent: null };

it.each([
  ['a word of nobody', 'psql'],
  ['a quote', 'sql","op":"delete'],
  ['a backslash and a line', 'web\\\n'],
  ['one of ours, but nobody named', 'web'],
  ['much', 'x'.repeat(10_000)],
])('R5.1 what a stranger says of where it came from fails nothing and is not believed: %s', async (_, via) => {
  expect(await updateWith({ via })).toEqual(BY_ROLE);
});

it.each([
  ['actor', 'somebody'],
  ['actor', 'user:'],
  ['actor', 'user:a\nb'],
  ['actor', `user:${'x'.repeat(200)}`],
  ['actor', 'db:superuser'],
  ['import', 'x'],
  ['import', IMPORT],
  ['operation', 'x'],
  ['operation', 'operation-1'],
  ['traceparent', TRACEPARENT],
])('R5.1 nor is what it says of %s: %s', async (name, value) => {
  expect(await updateWith({ [name]: value })).toEqual(BY_ROLE);
});

it('R5.1 the same operation of a stranger twice fails neither statement', async () => {
  const id = await setup.addRecord();
  await using transaction = await openTransaction(setup.ownerUrl);
  await transaction.query(`set local meldesync.operation = 'operation-of-a-script'`);
  for (const note of ['a', 'b']) await transaction.query('update records set note = $1 where id = $2', [note, id]);
  await transaction.commit();
  expect(await setup.recordRow(id)).toMatchObject({ note: 'b', version: 3 });
});

it('R5.1 what has no form of ours is passed over beside a person who is named, and the rest is kept', async () => {
  const given = { actor: 'user:anna', via: 'telnet', operation: 'ö', import: '1', traceparent: 'x' };
  const recorded = await updateWith(given, setup.appUrl);
  expect(recorded).toEqual({ ...BY_ROLE, actor: 'user:anna' });
});

it('R5.1 what the application says is recorded as it is', async () => {
  const said = { actor: 'user:anna', via: 'import', operation: 'operation-7', traceparent: TRACEPARENT };
  expect(await updateWith({ ...said, import: IMPORT }, setup.appUrl)).toEqual({ ...said, import_id: IMPORT });
  const id = await setup.addRecord();
  await setup.edit([item(id, { note: 'a' })], { via: 'cli', operation: 'operation-of-anna', traceparent: TRACEPARENT });
  const [row] = await setup.sql(
    `select actor, via, operation, traceparent from changes where record_id = $1 and op = 'update'`,
    [id],
  );
  expect(row).toEqual({
    actor: 'user:anna',
    via: 'cli',
    operation: 'operation-of-anna',
    traceparent: TRACEPARENT,
  });
});

describe('R5.1 who may name a person', () => {
  const SAID = { actor: 'user:anna', via: 'web', operation: 'operation-8', traceparent: TRACEPARENT, import: IMPORT };
  /** Makes a role that signs in; `grants` are statements about it. Gone with the test. */
  const roleWith = async (...grants: ((name: string) => string)[]) => {
    const name = `role_${randomBytes(6).toString('hex')}`;
    await setup.sql(`create role ${name} login password 'x'`);
    onTestFinished(async () => {
      await setup.sql(`drop owned by ${name}`);
      await setup.sql(`drop role ${name}`);
    });
    for (const grant of grants) await setup.sql(grant(name));
    const url = new URL(setup.ownerUrl);
    url.username = name;
    url.password = 'x';
    return { name, url: url.href };
  };
  const MAY_WRITE = [
    (name: string) => `grant select, update (note) on records to ${name}`,
    (name: string) => `grant usage on schema public to ${name}`,
  ];

  it('no superuser, though one passes for a member of everything', async () => {
    expect(await updateWith(SAID)).toEqual(BY_ROLE);
  });

  it('nobody who may only write a column', async () => {
    const { name, url } = await roleWith(...MAY_WRITE);
    expect(await updateWith(SAID, url)).toEqual({ ...BY_ROLE, actor: `db:${name}` });
  });

  it('who has been made a member of the application, also by way of another', async () => {
    const between = await roleWith((name) => `grant meldesync_app to ${name}`);
    const { url } = await roleWith((name) => `grant ${between.name} to ${name}`);
    const { import: import_id, ...rest } = SAID;
    expect(await updateWith(SAID, url)).toEqual({ ...rest, import_id });
  });
});

it.each(['0', '-1', '9007199254740992'])('R3.4 a record id that no client can read is refused: %s', async (id) => {
  const row = await setup.addRecord();
  const copied = setup.sql(
    `insert into records (id, workspace_id, vorgangsnummer, ibe) overriding system value
     select $1::bigint, workspace_id, translate(vorgangsnummer, '0123456789abcdef', '123456789abcdef0'),
       replace(ibe, vorgangsnummer, translate(vorgangsnummer, '0123456789abcdef', '123456789abcdef0')) from records where id = $2`,
    [id, row],
  );
  await expect(copied).rejects.toMatchObject({ code: CHECK_VIOLATION, constraint: 'records_id' });
});

it.each([
  ['via', 'psql'],
  ['op', 'upsert'],
  ['actor', 'somebody'],
  ['operation', 'a"b'],
  ['traceparent', 'x'],
])('R5.5 not even the owner writes a %s that nobody can read', async (column, value) => {
  const written = runSql(
    setup.ownerUrl,
    `insert into changes (workspace_id, record_id, version, op, before, after, actor, via, at, operation, traceparent)
     select $1, 1, 1, coalesce(f->>'op', 'insert'), '{}', '{}', coalesce(f->>'actor', 'user:anna'),
       coalesce(f->>'via', 'web'), now(), f->>'operation', f->>'traceparent' from (select $2::jsonb as f) as given`,
    [setup.workspace, JSON.stringify({ [column]: value })],
  );
  await expect(written).rejects.toMatchObject({ code: CHECK_VIOLATION });
});
