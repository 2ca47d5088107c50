import { createHash } from 'node:crypto';
import { eventually, openTransaction } from '@meldesync/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acceptInvitation, changeAccount, createImport, invite } from '../src/index.ts';
import { createEditSetup, type EditSetup } from './edit-setup.ts';

const SECRET = 'a secret of an invitation';
const NOBODY = '00000000-0000-4000-8000-000000000000';

let setup: EditSetup;
beforeEach(async () => {
  setup = await createEditSetup();
});
afterEach(() => setup[Symbol.asyncDispose]());

/** Something that waits for the transaction of another, which does this and commits; how it ends. */
async function whileAnother(statements: readonly string[], act: () => Promise<unknown>): Promise<unknown> {
  await using other = await openTransaction(setup.ownerUrl);
  for (const statement of statements) await other.query(statement);
  const ended = act().then(
    () => 'done',
    (error: unknown) => (error instanceof Error ? error.message : error),
  );
  await eventually(async () =>
    expect(
      await setup.sql(
        `select 1 from pg_stat_activity where usename in ('meldesync_app', 'meldesync_auth') and datname = current_database()
           and wait_event_type = 'Lock'`,
      ),
    ).toHaveLength(1),
  );
  await other.commit();
  return ended;
}

describe('an import', () => {
  const bring = (userId = 'anna') =>
    createImport(setup.database, {
      workspaceId: setup.workspace,
      userId,
      filename: 'test.csv',
      sizeBytes: 1,
      content: { bytes: new Uint8Array(1) },
    });
  const kept = () => setup.sql('select 1 from imports union all select 1 from import_chunks');

  it('of who may not edit, or belongs elsewhere, is not taken', async () => {
    await expect(bring('vera')).rejects.toThrow('forbidden');
    await expect(bring('olga')).rejects.toThrow('workspace-not-found');
    expect(await kept()).toEqual([]);
    await bring();
    expect(await kept()).toHaveLength(2);
  });

  it.each([
    ['is suspended', `update members set suspended_at = now() where user_id = 'anna'`, 'workspace-not-found'],
    ['only looks from now on', `update members set role = 'viewer' where user_id = 'anna'`, 'forbidden'],
    ['is disabled', `update auth."user" set disabled_at = now() where id = 'anna'`, 'workspace-not-found'],
    ['has their workspace archived', 'update workspaces set archived_at = now()', 'workspace-not-found'],
  ])('of somebody who %s while it is taken in leaves nothing', async (_, statement, code) => {
    const lock = 'select 1 from workspaces for no key update';
    expect(await whileAnother([lock, statement], () => bring())).toBe(code);
    expect(await kept()).toEqual([]);
  });
});

describe('an invitation', () => {
  it('that is taken back while it is accepted lets nobody in', async () => {
    await setup.sql(
      `insert into invitations (workspace_id, email, role, secret_hash, created_by, expires_at)
       values ($1, 'olga@test.example', 'admin', $2, 'ben', now() + interval '1 day')`,
      [setup.workspace, createHash('sha256').update(SECRET).digest('hex')],
    );
    const ended = await whileAnother(['update invitations set revoked_at = now()'], () =>
      acceptInvitation(setup.accounts, {
        secret: SECRET,
        accepting: { userId: 'olga', sessionId: 's' },
        address: null,
      }),
    );
    expect(ended).toBe('link-unknown');
    const rights = `select 1 from members where user_id = 'olga' and workspace_id = $1`;
    expect(await setup.sql(rights, [setup.workspace])).toEqual([]);
    expect(await setup.sql('select accepted_at from invitations')).toEqual([{ accepted_at: null }]);
  });

  it('of somebody whose account is disabled while they invite is not made', async () => {
    await setup.sql(`update auth."user" set is_installation_admin = true where id = 'ben'`);
    await setup.sql(
      `insert into auth.session (id, user_id, token, expires_at) values ('s', 'ben', 't', now() + interval '1 day')`,
    );
    const asked = (workspaceId: string) =>
      invite(
        setup.accounts,
        { actor: 'user:ben', userId: 'ben', sessionId: 's', address: null },
        { workspaceId, email: 'new@test.example', name: null, role: 'admin', memberExpiresAt: null },
      );
    await expect(asked(NOBODY)).rejects.toThrow('workspace-not-found');
    const statements = [
      `select 1 from auth."user" where id = 'ben' for update`,
      `update auth."user" set disabled_at = now() where id = 'ben'`,
    ];
    expect(await whileAnother(statements, () => asked(setup.otherWorkspace))).toBe('workspace-not-found');
    expect(await setup.sql('select 1 from invitations')).toEqual([]);
  });
});

it('an address that somebody else gets by an invitation at the same moment is taken', async () => {
  await setup.sql(`update auth."user" set is_installation_admin = true where id = 'ben'`);
  await setup.sql(
    `insert into auth.session (id, user_id, token, expires_at) values ('s', 'ben', 't', now() + interval '1 day')`,
  );
  const email = 'wanted@test.example';
  const statement = `insert into auth."user" (id, name, email) values ('new', 'New', '${email}')`;
  const ended = await whileAnother([statement], () =>
    changeAccount(
      setup.accounts,
      { actor: 'user:ben', userId: 'ben', sessionId: 's', address: null },
      { userId: 'anna', change: { email } },
    ),
  );
  expect(ended).toBe('email-taken');
  expect(await setup.sql('select id from auth."user" where email = $1', [email])).toEqual([{ id: 'new' }]);
});
