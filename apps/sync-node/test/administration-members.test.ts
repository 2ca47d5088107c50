import type { AdministeredMember, AdministrationEvent, MadeInvitation } from '@meldesync/protocol';
import { expectProblem } from '@meldesync/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { addTeam, setUpAdministration } from './administration-setup.ts';
import { CookieJar } from './cookie-jar.ts';

const { cluster, call, done } = await setUpAdministration();
const team = await addTeam(cluster);

let workspace = cluster.workspace;
let path = '';
let [first, second, third] = [team.admin, team.admin, team.admin];
let count = 0;

/** A workspace of two who administer it and one who edits. */
beforeEach(async () => {
  count += 1;
  workspace = await cluster.addWorkspace(`Klinik ${count}`);
  path = `/administration/workspaces/${workspace}`;
  first = await cluster.addPerson('Erste', { workspace, role: 'admin' });
  second = await cluster.addPerson('Zweite', { workspace, role: 'admin' });
  third = await cluster.addPerson('Dritte', { workspace, role: 'editor' });
});

const change = (as: { token: string }, id: string, json: unknown, version = 1) =>
  call(`${path}/members/${id}`, { as, method: 'PATCH', json, headers: { 'if-match': `"${version}"` } });
const remove = (as: { token: string }, id: string) => call(`${path}/members/${id}`, { as, method: 'DELETE' });
const member = async (id: string) => {
  const { members } = await done<{ members: AdministeredMember[] }>(`${path}/members`, { as: team.installation });
  return members.find((one) => one.id === id);
};
const events = async () =>
  (await done<{ events: AdministrationEvent[] }>(`${path}/events`, { as: team.installation })).events;
const hence = (ms: number) => new Date(Date.now() + ms).toISOString();

describe('members', () => {
  it('a change says on which version it is based', async () => {
    const without = await call(`${path}/members/${third.id}`, { as: first, method: 'PATCH', json: { role: 'viewer' } });
    await expectProblem(without, 'precondition-required');
    const changed = await change(first, third.id, { role: 'viewer' });
    expect(changed.headers.get('etag')).toBe('"2"');
    await expectProblem(await change(first, third.id, { role: 'admin' }), 'changed-meanwhile');
    await expectProblem(await change(first, third.id, { role: 'admin' }, 7), 'changed-meanwhile');
  });

  it('who has signed out everywhere was here all the same', async () => {
    await cluster.sql('delete from auth.session where user_id = $1', [third.id]);
    expect((await member(third.id))?.lastSeenAt).toBeNull();
    const jar = new CookieJar(cluster);
    expect((await jar.signIn(third.email, third.password)).status).toBe(200);
    await cluster.sql('delete from auth.session where user_id = $1', [third.id]);
    expect((await member(third.id))?.lastSeenAt).not.toBeNull();
  });

  it('P61 `*` is no version that a change is based on; a removal needs none, and it stands for any', async () => {
    const at = (method: string, json?: unknown) =>
      call(`${path}/members/${third.id}`, {
        as: first,
        method,
        headers: { 'if-match': '*' },
        ...(json ? { json } : {}),
      });
    await expectProblem(await at('PATCH', { role: 'viewer' }), 'precondition-required');
    expect((await member(third.id))?.role).toBe('editor');
    expect((await at('DELETE')).status).toBe(204);
  });

  it('of two who change the same member at once one hears that the other did', async () => {
    const answers = await Promise.all([
      change(first, third.id, { role: 'viewer' }),
      change(second, third.id, { role: 'auditor' }),
    ]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 412]);
    const role = statuses[0] === 200 ? 'viewer' : 'auditor';
    expect(await member(third.id)).toMatchObject({ role, version: 2 });
    expect((await events()).map(({ kind, after }) => [kind, after])).toEqual([['member-changed', { role }]]);
  });

  it('of two administrators who remove each other at once one stays', async () => {
    const answers = await Promise.all([remove(first, second.id), remove(second, first.id)]);
    expect(answers.map(({ status }) => status).filter((status) => status === 204)).toHaveLength(1);
    const { members } = await done<{ members: AdministeredMember[] }>(`${path}/members`, { as: team.installation });
    expect(members.filter(({ role }) => role === 'admin')).toHaveLength(1);
  });

  it.each([
    ['is removed', () => remove(first, second.id)],
    ['is suspended', () => change(first, second.id, { isSuspended: true })],
    ['does not administer any more', () => change(first, second.id, { role: 'editor' })],
    [
      'is disabled',
      () =>
        call(`/administration/accounts/${second.id}`, {
          as: team.installation,
          method: 'PATCH',
          json: { isDisabled: true },
        }),
    ],
  ])('whoever %s is let in again by no invitation of their own', async (_, out) => {
    const invite = (as: { token: string }, email: string) =>
      done<MadeInvitation>(`${path}/invitations`, { as, method: 'POST', json: { email, role: 'admin' } });
    const email = `wieder${count}@klinik.example`;
    const [own, kept] = [await invite(second, email), await invite(first, `andere${count}@klinik.example`)];
    expect((await out()).ok).toBe(true);
    const secretOf = ({ link }: MadeInvitation) => link.url.slice(link.url.indexOf('#') + 1);
    const look = (made: MadeInvitation) =>
      call('/invitations/look', { method: 'POST', json: { secret: secretOf(made) }, as: undefined });
    await expectProblem(await look(own), 'link-unknown');
    expect((await look(kept)).status).toBe(200);
    expect((await events()).filter(({ kind }) => kind === 'invitation-revoked')).toMatchObject([
      { actor: expect.stringMatching(/^user:/), before: { email, role: 'admin' } },
    ]);
  });

  it('an invitation is of whoever gave it its link: it goes with them, and stays where its first maker goes', async () => {
    const invited = async (as: { token: string }, email: string) =>
      done<MadeInvitation>(`${path}/invitations`, { as, method: 'POST', json: { email, role: 'admin' } });
    const renew = (as: { token: string }, { invitation }: MadeInvitation) =>
      done<MadeInvitation>(`${path}/invitations/${invitation.id}/renew`, { as, method: 'POST' });
    const taken = await renew(second, await invited(first, `genommen${count}@klinik.example`));
    const kept = await renew(first, await invited(second, `geblieben${count}@klinik.example`));
    expect((await remove(first, second.id)).status).toBe(204);
    const look = ({ link }: MadeInvitation) =>
      call('/invitations/look', { method: 'POST', json: { secret: link.url.slice(link.url.indexOf('#') + 1) } });
    await expectProblem(await look(taken), 'link-unknown');
    expect((await look(kept)).status).toBe(200);
  });

  it('whoever’s membership is over is let in again by no invitation of their own; another who administers renews it', async () => {
    const email = `danach${count}@klinik.example`;
    const { invitation, link } = await done<MadeInvitation>(`${path}/invitations`, {
      as: second,
      method: 'POST',
      json: { email, role: 'admin' },
    });
    await cluster.sql(`update members set expires_at = now() - interval '1 second' where user_id = $1`, [second.id]);
    const look = (url: string) =>
      call('/invitations/look', { method: 'POST', json: { secret: url.slice(url.indexOf('#') + 1) } });
    await expectProblem(await look(link.url), 'link-expired');
    const states = async () =>
      (await done<{ invitations: { state: string }[] }>(`${path}/invitations`, { as: first })).invitations.map(
        ({ state }) => state,
      );
    expect(await states()).toEqual(['expired']);
    const renewed = await done<MadeInvitation>(`${path}/invitations/${invitation.id}/renew`, {
      as: first,
      method: 'POST',
    });
    expect((await look(renewed.link.url)).status).toBe(200);
    expect(await states()).toEqual(['open']);
  });

  it('whoever administers the installation no more is let in again by an invitation only where they administer themselves', async () => {
    const elsewhere = await cluster.addWorkspace(`Anderswo ${count}`);
    const change = (isInstallationAdmin: boolean) =>
      done(`/administration/accounts/${second.id}`, {
        as: team.installation,
        method: 'PATCH',
        json: { isInstallationAdmin },
      });
    await change(true);
    const email = `wieder${count}@klinik.example`;
    for (const id of [workspace, elsewhere])
      await done(`/administration/workspaces/${id}/invitations`, {
        as: second,
        method: 'POST',
        json: { email, role: 'admin' },
      });
    await change(false);
    const open = 'select workspace_id from invitations where email = $1 and revoked_at is null';
    expect(await cluster.sql(open, [email])).toEqual([{ workspace_id: workspace }]);
  });

  it('the last who administers is neither removed nor suspended nor given another role', async () => {
    expect((await remove(first, second.id)).status).toBe(204);
    await expectProblem(await remove(first, first.id), 'last-administrator');
    await expectProblem(await change(first, first.id, { role: 'editor' }), 'last-administrator');
    await expectProblem(await change(first, first.id, { isSuspended: true }), 'last-administrator');
    await expectProblem(await remove(team.installation, first.id), 'last-administrator');
    expect(await member(first.id)).toMatchObject({ role: 'admin', suspendedAt: null, version: 1 });
  });

  it.each([
    ['is suspended', (id: string) => `update members set suspended_at = now() where user_id = '${id}'`],
    ['whose membership is over', (id: string) => `update members set expires_at = now() where user_id = '${id}'`],
    ['whose account is disabled', (id: string) => `update auth."user" set disabled_at = now() where id = '${id}'`],
  ])('one who administers and %s counts for nothing', async (_, sql) => {
    await cluster.sql(sql(second.id));
    await expectProblem(await remove(first, first.id), 'last-administrator');
    expect((await call('/administration/workspaces', { as: second })).status).not.toBe(500);
    await expectProblem(
      await remove(second, third.id),
      sql('').includes('disabled_at') ? 'unauthenticated' : 'workspace-not-found',
    );
  });

  it('an account that is the last to administer a workspace is neither disabled nor deleted', async () => {
    await remove(first, second.id);
    const account = `/administration/accounts/${first.id}`;
    const disabled = await call(account, { as: team.installation, method: 'PATCH', json: { isDisabled: true } });
    await expectProblem(disabled, 'last-administrator');
    await expectProblem(await call(account, { as: team.installation, method: 'DELETE' }), 'last-administrator');
    expect((await call('/me', { as: first })).status).toBe(200);
  });

  it('an end is in the future, and may be taken away', async () => {
    for (const expiresAt of [hence(-1_000), '1970-01-01T00:00:00Z'])
      await expectProblem(await change(first, third.id, { expiresAt }), 'expiry-invalid');
    const expiresAt = hence(3_600_000);
    expect(await (await change(first, third.id, { expiresAt })).json()).toMatchObject({ expiresAt });
    expect(await (await change(first, third.id, { expiresAt: null }, 2)).json()).toMatchObject({ expiresAt: null });
  });

  it('an end beyond the years that can be written down, and an account whose name no table can hold, are refused', async () => {
    const never = '9999-12-31T23:59:59-23:59';
    await expectProblem(await change(first, third.id, { expiresAt: never }), 'expiry-invalid');
    const invited = { email: 'ewig@klinik.example', role: 'viewer', memberExpiresAt: never };
    await expectProblem(
      await call(`${path}/invitations`, { as: first, method: 'POST', json: invited }),
      'expiry-invalid',
    );
    for (const [where, json] of [
      [`${path}/members`, { account: 'a\u0000b', role: 'viewer' }],
      [`/administration/accounts/${third.id}/merge`, { into: 'a\u0000b' }],
    ] as const)
      await expectProblem(await call(where, { as: team.installation, method: 'POST', json }), 'invalid-field');
  });

  it('what changes nothing writes nothing', async () => {
    const same = await change(first, third.id, { role: 'editor', isSuspended: false });
    expect(await same.json()).toMatchObject({ version: 1 });
    expect(await events()).toEqual([]);
  });

  it('somebody with an account is added once', async () => {
    const json = { account: team.outsider.id, role: 'viewer' };
    const added = await call(`${path}/members`, { as: team.installation, method: 'POST', json });
    expect([added.status, await added.json()]).toMatchObject([201, { name: team.outsider.name, role: 'viewer' }]);
    const again = await call(`${path}/members`, { as: team.installation, method: 'POST', json });
    await expectProblem(again, 'already-member');
    const nobody = { ...json, account: 'nobody' };
    await expectProblem(
      await call(`${path}/members`, { as: team.installation, method: 'POST', json: nobody }),
      'account-not-found',
    );
  });

  it('each act is on record: who, in which session, from where, whom, before and after, and nothing that did not change', async () => {
    const expiresAt = hence(3_600_000);
    await change(first, third.id, { role: 'viewer', expiresAt });
    await change(first, third.id, { isSuspended: true }, 2);
    await change(first, third.id, { isSuspended: false }, 3);
    await remove(first, third.id);
    const common = {
      actor: `user:${first.id}`,
      actorName: first.name,
      address: '127.0.0.1',
      workspace,
      subject: `user:${third.id}`,
      subjectName: third.name,
    };
    expect((await events()).reverse()).toMatchObject([
      {
        ...common,
        kind: 'member-changed',
        before: { role: 'editor', expiresAt: null },
        after: { role: 'viewer', expiresAt },
      },
      { ...common, kind: 'member-suspended', before: { isSuspended: false }, after: { isSuspended: true } },
      { ...common, kind: 'member-restored', before: { isSuspended: true }, after: { isSuspended: false } },
      {
        ...common,
        kind: 'member-removed',
        before: { name: third.name, email: third.email, role: 'viewer' },
        after: null,
      },
    ]);
    const [row] = await cluster.sql('select session_id from events where workspace_id = $1 limit 1', [workspace]);
    const [session] = await cluster.sql('select id from auth.session where user_id = $1', [first.id]);
    expect(row?.['session_id']).toBe(session?.['id']);
  });

  it('an act that cannot be recorded does not happen', async () => {
    await cluster.sql(`alter table events add constraint full_disk check (kind <> 'member-removed') not valid`);
    try {
      expect((await remove(first, third.id)).status).toBe(503);
      expect(await member(third.id)).toMatchObject({ role: 'editor' });
    } finally {
      await cluster.sql('alter table events drop constraint full_disk');
    }
    expect((await remove(first, third.id)).status).toBe(204);
  });

  it('what is on record is changed by nobody, not even the owner of the tables', async () => {
    await remove(first, third.id);
    for (const statement of [`update events set actor = 'user:x'`, 'delete from events', 'truncate events'])
      await expect(cluster.sql(statement)).rejects.toThrow(/append-only/);
  });
});
