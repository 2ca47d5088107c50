import { eventually, startFaultProxy } from '@meldesync/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { listenForAccessChanges } from '../src/index.ts';
import { createEditSetup, type EditSetup } from './edit-setup.ts';

let setup: EditSetup;
let heard: (string | null)[] = [];
let errors: Error[] = [];
beforeAll(async () => {
  setup = await createEditSetup();
});
afterAll(() => setup[Symbol.asyncDispose]());
beforeEach(() => {
  heard = [];
  errors = [];
});

async function listen(url: string) {
  const listener = listenForAccessChanges({
    url,
    probeIntervalMs: 50,
    onChange: (user) => heard.push(user),
    onError: (error) => errors.push(error),
  });
  await listener.ready;
  return listener;
}

it('P6 hears of a session that ends, and of one that is cut short, but not of one that is prolonged', async () => {
  await using _listener = await listen(setup.appUrl);
  await setup.sql(
    `insert into auth.session (id, user_id, token, expires_at, created_at, updated_at)
     values ('s', 'anna', 'secret', now() + interval '1 day', now(), now())`,
  );
  await setup.sql(`update auth.session set expires_at = now() + interval '7 days' where id = 's'`);
  await setup.sql(`update members set role = 'viewer' where user_id = 'ben'`);
  await setup.sql(`update auth.session set expires_at = now() where id = 's'`);
  await setup.sql(`delete from auth.session where id = 's'`);
  await eventually(() => expect(heard).toEqual([null, 'ben', 'anna', 'anna']));
});

it('P6 hears of a membership that a session of a restore changes, of one that is restored, and of all that are emptied at once', async () => {
  await using _listener = await listen(setup.appUrl);
  await setup.sql(`do $$ begin
    set local session_replication_role = replica;
    update members set role = 'viewer' where user_id = 'anna';
    delete from members where user_id = 'vera';
  end $$`);
  await eventually(() => expect(heard).toEqual([null, 'anna', 'vera']));
  await setup.sql('truncate auth.session');
  await eventually(() => expect(heard).toEqual([null, 'anna', 'vera', null]));
  await setup.sql(`alter table members disable trigger all`);
  expect(await setup.sql('select * from meldesync_changed_triggers()')).toHaveLength(2);
  await setup.sql('drop trigger notify_access on members');
  await setup.sql('select meldesync_enable_triggers()');
  expect(await setup.sql('select * from meldesync_changed_triggers()')).toEqual([
    { on_table: 'members', trigger: 'notify_access', mode: 'MISSING' },
  ]);
  await setup.sql(`create trigger notify_access after insert or update or delete on members
    for each row execute function notify_access()`);
  await setup.sql('select meldesync_enable_triggers()');
  expect(await setup.sql('select * from meldesync_changed_triggers()')).toEqual([]);
});

it('P6 P53 hears of accounts, second factors, archives and events that a session of a restore writes, and misses their triggers', async () => {
  const triggers = [
    { on_table: 'auth.passkey', trigger: 'notify_second_factor', mode: 'ALWAYS' },
    { on_table: 'auth.two_factor', trigger: 'notify_second_factor', mode: 'ALWAYS' },
    { on_table: 'auth.user', trigger: 'notify_account', mode: 'ALWAYS' },
    { on_table: 'events', trigger: 'events_refuse_rewrite', mode: 'ALWAYS' },
    { on_table: 'events', trigger: 'notify_event', mode: 'ALWAYS' },
    { on_table: 'workspaces', trigger: 'notify_archived', mode: 'ALWAYS' },
  ];
  const changed = 'select * from meldesync_changed_triggers() order by on_table, trigger';
  for (const { on_table: table, trigger } of triggers)
    await setup.sql(`alter table ${table} disable trigger ${trigger}`);
  expect(await setup.sql(changed)).toEqual(triggers);
  await setup.sql('select meldesync_enable_triggers()');
  expect(await setup.sql(changed)).toEqual([]);
  const administered: (string | null)[] = [];
  await using listener = listenForAccessChanges({
    url: setup.appUrl,
    onChange: (user) => heard.push(user),
    onAdministered: (workspace) => administered.push(workspace),
    onError: (error) => errors.push(error),
  });
  await listener.ready;
  await setup.sql(`do $$ begin
    set local session_replication_role = replica;
    update auth."user" set disabled_at = now() where id = 'vera';
    insert into auth.two_factor (id, secret, backup_codes, user_id) values ('f', 's', 'b', 'olga');
    update workspaces set archived_at = null;
    insert into events (kind, actor) values ('account-disabled', 'system'), ('sign-in', 'user:anna');
  end $$`);
  await eventually(() => expect(heard).toEqual([null, 'vera', 'olga', null]));
  expect(administered).toEqual([null, null]);
  for (const rewrite of ['update events set kind = kind', 'delete from events', 'truncate events'])
    await expect(
      setup.sql(`do $$ begin set local session_replication_role = replica; ${rewrite}; end $$`),
    ).rejects.toThrow('append-only');
  await expect(setup.sql('create rule quiet as on insert to events do instead nothing')).rejects.toThrow(
    'events: rule quiet',
  );
});

it('P6 notices that its connection is dead though nobody said so, and asks for everything it may have missed', async () => {
  const address = new URL(setup.appUrl);
  await using proxy = await startFaultProxy({ port: Number(address.port) });
  address.port = String(proxy.port);
  address.hostname = '127.0.0.1';
  await using _listener = await listen(address.href);
  expect(heard).toEqual([null]);
  proxy.silence();
  await setup.sql(`update members set role = 'editor' where user_id = 'ben'`);
  proxy.restore();
  await eventually(() => expect(heard).toEqual([null, null]));
  expect(errors).toHaveLength(1);
});
