import type {
  AdministeredAccount,
  AdministrationEvent,
  ImportedMembers,
  Invitation,
  MadeInvitation,
  OneTimeLink,
  ServiceAccount,
} from '@meldesync/protocol';
import { callHttp, eventually, expectProblem, sampleCsv } from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';
import { addTeam, PASSWORD, setUpAdministration } from './administration-setup.ts';

const { cluster, call, done, signIn, setUpSecret } = await setUpAdministration({ worker: true });
const team = await addTeam(cluster);
const admin = team.installation;
const inWorkspace = (path: string) => `/administration/workspaces/${cluster.workspace}${path}`;
const post = (path: string, json: unknown, as?: { token: string }) => call(path, { as, method: 'POST', json });
const secretOf = (url: string) => url.slice(url.indexOf('#') + 1);

const byNumber = (a: number, b: number) => a - b;

let count = 0;
const address = () => {
  count += 1;
  return `neu${count}@klinik.example`;
};
const makeAccount = (name = 'Nora Neu') =>
  done<{ account: AdministeredAccount; link: OneTimeLink }>('/administration/accounts', {
    as: admin,
    method: 'POST',
    json: { name, email: address() },
  });
/** The newest event that is not about how somebody signed in, or failed to. */
const lastEvent = async () => {
  const { events } = await done<{ events: AdministrationEvent[] }>('/administration/events?limit=5', { as: admin });
  return events.find(({ kind }) => !kind.startsWith('sign-in'));
};

it('R5.1 that somebody reads what administration did is on record, once however far they read', async () => {
  const looks = () =>
    cluster.sql(`select actor, workspace_id, after from events where kind = 'audit-read' and actor = $1 order by id`, [
      `user:${admin.id}`,
    ]);
  const before = await looks();
  const { next } = await done<{ next: number }>('/administration/events?limit=1', { as: admin });
  await done(`/administration/events?limit=1&before=${next}`, { as: admin });
  const after = { filter: { groups: ['people', 'sign-in'] } };
  expect(await looks()).toEqual([...before, { actor: `user:${admin.id}`, workspace_id: null, after }]);
});

describe('names and addresses', () => {
  it.each([
    ['100,000 characters', 'x'.repeat(100_000), 'invalid-field'],
    ['101 characters', 'x'.repeat(101), 'name-invalid'],
    ['nothing', '', 'name-invalid'],
    ['a control character', 'Nora\u0007', 'name-invalid'],
    ['another direction', 'Nora \u202euen', 'name-invalid'],
    ['no letter', '42', 'name-invalid'],
  ] as const)('a name of %s is taken nowhere, in words of both languages', async (_, name, code) => {
    const bodies = [
      ['/administration/workspaces', { name }],
      ['/administration/accounts', { name, email: address() }],
      [inWorkspace('/invitations'), { name, email: address(), role: 'viewer' }],
      [inWorkspace('/service-accounts'), { name, role: 'viewer' }],
    ] as const;
    for (const [path, json] of bodies) {
      const problem = await expectProblem(await post(path, json, admin), code);
      const english = await call(path, { as: admin, method: 'POST', json, headers: { 'accept-language': 'en' } });
      expect((await expectProblem(english, code)).title).not.toBe(problem.title);
    }
  });

  it('an address is the same in any case, and another one with a plus', async () => {
    const email = address();
    await done('/administration/accounts', { as: admin, method: 'POST', json: { name: 'Nora Neu', email } });
    const json = { name: 'Nora Zwei', email: email.toUpperCase() };
    await expectProblem(await post('/administration/accounts', json, admin), 'email-taken');
    const plus = await post('/administration/accounts', { ...json, email: email.replace('@', '+2@') }, admin);
    expect(plus.status).toBe(201);
    await expectProblem(await post('/administration/accounts', { ...json, email: 'nora' }, admin), 'email-invalid');
  });

  it('a workspace is not called as another one is, in any case', async () => {
    await done('/administration/workspaces', { as: admin, method: 'POST', json: { name: 'Zentrum Süd' } });
    await expectProblem(
      await post('/administration/workspaces', { name: ' zentrum  SÜD ' }, admin),
      'workspace-name-taken',
    );
  });
});

describe('accounts', () => {
  it('the person of a new account chooses a password by its link, once, and signs in', async () => {
    const { account, link } = await makeAccount();
    expect(account).toMatchObject({ hasPassword: false, isInstallationAdmin: false, workspaces: [] });
    const secret = secretOf(link.url);
    expect(await done('/password-links/look', { method: 'POST', json: { secret } })).toMatchObject({
      name: 'Nora Neu',
      email: account.email,
    });
    await expectProblem(await post('/password-links/use', { secret, password: 'kurz' }), 'password-too-short');
    await expectProblem(await post('/password-links/use', { secret, password: account.email }), 'password-is-address');
    expect((await post('/password-links/use', { secret, password: PASSWORD })).status).toBe(204);
    await expectProblem(await post('/password-links/use', { secret, password: PASSWORD }), 'link-used');
    expect(await done('/me', { as: await signIn(account.email, PASSWORD) })).toMatchObject({ workspaces: [] });
  });

  it('a new password ends all sessions, and a new link the former one', async () => {
    const { account, link } = await makeAccount();
    await done('/password-links/use', {
      method: 'POST',
      json: { secret: secretOf(link.url), password: PASSWORD },
    });
    const nora = await signIn(account.email, PASSWORD);
    const path = `/administration/accounts/${account.id}/password-link`;
    const [former, latter] = [
      await done<OneTimeLink>(path, { as: admin, method: 'POST' }),
      await done<OneTimeLink>(path, { as: admin, method: 'POST' }),
    ];
    const json = { secret: secretOf(former.url), password: `${PASSWORD} neu` };
    await expectProblem(await post('/password-links/use', json), 'link-unknown');
    expect((await call('/me', { as: nora })).status).toBe(200);
    await done('/password-links/use', { method: 'POST', json: { ...json, secret: secretOf(latter.url) } });
    expect((await call('/me', { as: nora })).status).toBe(401);
    await signIn(account.email, `${PASSWORD} neu`);
    await expect(signIn(account.email, PASSWORD)).rejects.toThrow('401');
    expect(await lastEvent()).toMatchObject({ kind: 'session-started' });
  });

  it('a link that has expired, or was never made, sets no password', async () => {
    const { link } = await makeAccount();
    await cluster.sql(`update account_links set expires_at = now() - interval '1 second' where used_at is null`);
    const json = { secret: secretOf(link.url), password: PASSWORD };
    await expectProblem(await post('/password-links/use', json), 'link-expired');
    await expectProblem(await post('/password-links/use', { ...json, secret: 'x'.repeat(43) }), 'link-unknown');
  });

  it.each([
    ['is disabled', 'PATCH', { isDisabled: true }],
    ['administers the installation no more', 'PATCH', { isInstallationAdmin: false }],
    ['is deleted', 'DELETE', undefined],
  ])('whoever %s comes into no account by a link that they made', async (_, method, json) => {
    const { account } = await makeAccount();
    const maker = await cluster.addPerson('Mara Macht');
    const path = `/administration/accounts/${maker.id}`;
    await done(path, { as: admin, method: 'PATCH', json: { isInstallationAdmin: true } });
    const make = { as: maker, method: 'POST' };
    const link = await done<OneTimeLink>(`/administration/accounts/${account.id}/password-link`, make);
    expect((await post('/password-links/look', { secret: secretOf(link.url) })).status).toBe(200);
    await done(path, { as: admin, method, ...(json && { json }) });
    const used = await post('/password-links/use', { secret: secretOf(link.url), password: PASSWORD });
    await expectProblem(used, 'link-unknown');
    await cluster.sql('update auth."user" set is_installation_admin = (id = $1)', [admin.id]);
  });

  it('one that is disabled is out, and in again once it is not', async () => {
    const { account, link } = await makeAccount();
    await done('/password-links/use', { method: 'POST', json: { secret: secretOf(link.url), password: PASSWORD } });
    const nora = await signIn(account.email, PASSWORD);
    const path = `/administration/accounts/${account.id}`;
    await done(path, { as: admin, method: 'PATCH', json: { isDisabled: true } });
    expect((await call('/me', { as: nora })).status).toBe(401);
    await expect(signIn(account.email, PASSWORD)).rejects.toThrow();
    expect(await lastEvent()).toMatchObject({
      kind: 'account-disabled',
      before: { isDisabled: false },
      after: { isDisabled: true },
      subjectName: 'Nora Neu',
    });
    await done(path, { as: admin, method: 'PATCH', json: { isDisabled: false } });
    await signIn(account.email, PASSWORD);
  });

  it('nobody disables or deletes themselves, nor is the last who administers the installation', async () => {
    const own = `/administration/accounts/${admin.id}`;
    await expectProblem(await call(own, { as: admin, method: 'PATCH', json: { isDisabled: true } }), 'own-account');
    await expectProblem(await call(own, { as: admin, method: 'DELETE' }), 'own-account');
    await expectProblem(
      await call(own, { as: admin, method: 'PATCH', json: { isInstallationAdmin: false } }),
      'last-administrator',
    );
  });

  it('of two who take the installation from each other at once one keeps it', async () => {
    const other = await cluster.addPerson('Olaf Zweit');
    await done(`/administration/accounts/${other.id}`, {
      as: admin,
      method: 'PATCH',
      json: { isInstallationAdmin: true },
    });
    const json = { isInstallationAdmin: false };
    const answers = await Promise.all([
      call(`/administration/accounts/${other.id}`, { as: admin, method: 'PATCH', json }),
      call(`/administration/accounts/${admin.id}`, { as: other, method: 'PATCH', json }),
    ]);
    expect(answers.map(({ status }) => status).toSorted(byNumber)[0]).toBe(200);
    expect(answers.map(({ status }) => status).toSorted(byNumber)[1]).toBeGreaterThanOrEqual(400);
    expect(await cluster.sql('select count(*)::int as left from auth."user" where is_installation_admin')).toEqual([
      { left: 1 },
    ]);
    await cluster.sql('update auth."user" set is_installation_admin = (id = $1)', [admin.id]);
  });

  it('sessions and second factors are taken away', async () => {
    const person = await cluster.addPerson('Paul Pass');
    await cluster.sql(`insert into auth.two_factor (id, secret, backup_codes, user_id) values ('t', 's', 'b', $1)`, [
      person.id,
    ]);
    await cluster.sql('update auth."user" set two_factor_enabled = true where id = $1', [person.id]);
    const path = `/administration/accounts/${person.id}`;
    expect(await done(`${path}/sessions`, { as: admin, method: 'DELETE' })).toEqual({ ended: 1 });
    expect((await call('/me', { as: person })).status).toBe(401);
    expect((await call(`${path}/second-factors`, { as: admin, method: 'DELETE' })).status).toBe(204);
    const { accounts } = await done<{ accounts: AdministeredAccount[] }>('/administration/accounts', { as: admin });
    expect(accounts.find(({ id }) => id === person.id)).toMatchObject({ hasSecondFactor: false, sessions: 0 });
  });

  it('somebody who once imported is deleted; what they did stays, under the name they had', async () => {
    const { workspace } = cluster;
    const person = await cluster.addPerson('Ida Import', { workspace, role: 'editor' });
    const file = { name: 'datei.csv', content: new Blob([sampleCsv(1, 1)]) };
    const [made] = await cluster.api(person).uploadImports(workspace, [file]);
    await eventually(async () => {
      const [row] = await cluster.sql('select status from imports where id = $1', [made?.id]);
      expect(row?.['status']).toBe('finished');
    });
    expect((await call(`/administration/accounts/${person.id}`, { as: admin, method: 'DELETE' })).status).toBe(204);
    expect((await call('/me', { as: person })).status).toBe(401);
    expect(await cluster.sql('select created_by from imports where id = $1', [made?.id])).toEqual([
      { created_by: person.id },
    ]);
    expect((await call(`/workspaces/${workspace}/imports`, { as: team.editor })).status).toBe(200);
    expect(await lastEvent()).toMatchObject({
      kind: 'account-deleted',
      subject: `user:${person.id}`,
      subjectName: 'Ida Import',
      before: { name: 'Ida Import', email: person.email, workspaces: [{ id: workspace, role: 'editor' }] },
    });
  });
});

describe('invitations', () => {
  const invite = (json: object) =>
    done<MadeInvitation>(inWorkspace('/invitations'), { as: team.admin, method: 'POST', json });

  it('one is accepted by whoever it is for, signed in, and by nobody else', async () => {
    const { email } = team.outsider;
    const { link } = await invite({ email: email.toUpperCase(), role: 'auditor' });
    const json = { secret: secretOf(link.url) };
    expect(await done('/invitations/look', { method: 'POST', json })).toMatchObject({ email, hasAccount: true });
    await expectProblem(await post('/invitations/accept', json), 'unauthenticated');
    await expectProblem(await post('/invitations/accept', json, team.editor), 'invited-as-another');
    expect((await post('/invitations/accept', json, team.outsider)).status).toBe(200);
    expect(await done('/me', { as: team.outsider })).toMatchObject({ workspaces: [{ role: 'auditor' }] });
    await expectProblem(
      await post(inWorkspace('/invitations'), { email, role: 'viewer' }, team.admin),
      'already-member',
    );
  });

  it('one that was renewed, replaced, revoked or has expired leads nowhere', async () => {
    const email = address();
    const look = async (made: MadeInvitation) => post('/invitations/look', { secret: secretOf(made.link.url) });
    const first = await invite({ email, role: 'viewer' });
    const second = await invite({ email, role: 'editor' });
    await expectProblem(await look(first), 'link-unknown');
    const path = inWorkspace(`/invitations/${second.invitation.id}`);
    const third = await done<MadeInvitation>(`${path}/renew`, { as: team.admin, method: 'POST' });
    await expectProblem(await look(second), 'link-unknown');
    await cluster.sql('update invitations set expires_at = now() where id = $1', [third.invitation.id]);
    await expectProblem(await look(third), 'link-expired');
    const fourth = await done<MadeInvitation>(`${path}/renew`, { as: team.admin, method: 'POST' });
    expect((await look(fourth)).status).toBe(200);
    expect((await call(path, { as: team.admin, method: 'DELETE' })).status).toBe(204);
    await expectProblem(await look(fourth), 'link-unknown');
    await expectProblem(await call(path, { as: team.admin, method: 'DELETE' }), 'invitation-not-found');
  });

  it('of two who use a link at once one gets the account', async () => {
    const { link } = await invite({ email: address(), name: 'Lars Link', role: 'viewer' });
    const json = { secret: secretOf(link.url), password: PASSWORD };
    const answers = await Promise.all([post('/invitations/accept', json), post('/invitations/accept', json)]);
    expect(answers.map(({ status }) => status).toSorted(byNumber)[0]).toBe(200);
    expect(answers.map(({ status }) => status).toSorted(byNumber)[1]).toBeGreaterThanOrEqual(409);
  });

  it('its text for a mail is in the language of who asks, and the link nowhere in the tables', async () => {
    const json = { email: address(), name: 'Lars Link', role: 'viewer' };
    const german = await invite(json);
    expect(german.link.mailText).toContain('Guten Tag Lars Link');
    const english = await call(inWorkspace('/invitations'), {
      as: team.admin,
      method: 'POST',
      json,
      headers: { 'accept-language': 'en' },
    });
    const made = (await english.json()) as MadeInvitation;
    expect(made.link.mailText).toContain('Hello Lars Link');
    expect(made.link.mailText).toContain(made.link.url);
    const secret = secretOf(made.link.url);
    const found = await cluster.sql(
      `select 1 from invitations i where i::text like $1 union all select 1 from events e where e::text like $1`,
      [`%${secret}%`],
    );
    expect(found).toEqual([]);
  });

  it('a file of members invites each of its rows, and says what became of it', async () => {
    const emails = [address(), address(), address()];
    const text = [
      '\ufeffE-Mail;Name;Rolle;bis',
      `${emails[0]};Jörg Käufer;Prüfen;31.12.2099`,
      `${emails[1]?.toUpperCase()};;viewer;`,
      `${emails[1]};;viewer;`,
      'kein Konto;;viewer;',
      `${emails[2]};"Zeile\u0007";viewer;`,
      `${emails[2]};Nora;chef;`,
      `${emails[2]};Nora;viewer;2001-01-01`,
      `${team.editor.email};;editor;`,
    ].join('\r\n');
    const send = (body: string | Uint8Array<ArrayBuffer>) =>
      done<ImportedMembers>(inWorkspace('/invitations/import'), {
        as: team.admin,
        method: 'POST',
        headers: { 'content-type': 'text/csv' },
        body,
      });
    const { rows } = await send(text);
    expect(rows.map(({ line, outcome, code }) => [line, outcome, code])).toEqual([
      [2, 'invited', null],
      [3, 'invited', null],
      [4, 'rejected', 'address-repeated'],
      [5, 'rejected', 'email-invalid'],
      [6, 'rejected', 'name-invalid'],
      [7, 'rejected', 'role-unknown'],
      [8, 'rejected', 'expiry-invalid'],
      [9, 'unchanged', null],
    ]);
    expect(rows[0]?.link?.mailText).toContain('Jörg Käufer');
    const again = await send(new Uint8Array(Buffer.from(text.slice(1), 'latin1')));
    expect(again.rows.map(({ outcome }) => outcome)).toEqual([
      'unchanged',
      'unchanged',
      ...Array.from({ length: 5 }, () => 'rejected'),
      'unchanged',
    ]);
  });

  it('days of a file end by the clock of who sends it, wherever the node is', async () => {
    for (const [timeZone, end] of [
      ['Pacific/Auckland', '2099-12-31T10:59:59.999Z'],
      ['America/St_Johns', '2100-01-01T03:29:59.999Z'],
    ]) {
      const email = address();
      const send = (zone: string) =>
        call(inWorkspace(`/invitations/import?timeZone=${zone}`), {
          as: team.admin,
          method: 'POST',
          headers: { 'content-type': 'text/csv' },
          body: `email,rolle,bis\n${email},viewer,2099-12-31`,
        });
      expect((await send(`${timeZone}`)).status).toBe(200);
      const { invitations } = await done<{ invitations: Invitation[] }>(inWorkspace('/invitations'), {
        as: team.admin,
      });
      expect(invitations.find((one) => one.email === email)?.memberExpiresAt).toBe(end);
      await expectProblem(await send('Mars/Olympus'), 'bad-request');
    }
  });

  it('a file without its columns, of too many rows, or that is none is refused as a whole', async () => {
    const send = (body: string, type = 'text/csv') =>
      call(inWorkspace('/invitations/import'), {
        as: team.admin,
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
    await expectProblem(await send('name;rolle\nNora;viewer'), 'file-unreadable');
    await expectProblem(await send(''), 'file-unreadable');
    await expectProblem(await send('email,role\n"a'), 'file-unreadable');
    await expectProblem(await send(`email,role${'\na@b.example,viewer'.repeat(1_001)}`), 'too-many-rows');
    await expectProblem(await send('email,role\na@b.example,viewer', 'application/json'), 'unsupported-media-type');
  });
});

describe('programs', () => {
  it('a token opens its workspace up to its role, and nothing once it has ended', async () => {
    const made = await done<ServiceAccount>(inWorkspace('/service-accounts'), {
      as: team.admin,
      method: 'POST',
      json: { name: 'Bericht', role: 'editor' },
    });
    const path = inWorkspace(`/service-accounts/${made.member.id}/tokens`);
    const hence = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const wanted = { label: 'Nachts', maxRole: 'viewer', expiresAt: hence(30) };
    for (const expiresAt of [hence(-1), hence(400)])
      await expectProblem(await post(path, { ...wanted, expiresAt }, team.admin), 'expiry-invalid');
    const { token, secret } = await done<{ token: { id: string }; secret: string }>(path, {
      as: team.admin,
      method: 'POST',
      json: wanted,
    });
    const program = { token: secret };
    expect((await call(`/workspaces/${cluster.workspace}/members`, { as: program })).status).toBe(200);
    const upload = await call(`/workspaces/${cluster.workspace}/imports`, { as: program, method: 'POST', json: {} });
    await expectProblem(upload, 'forbidden');
    const { accounts } = await done<{ accounts: ServiceAccount[] }>(inWorkspace('/service-accounts'), {
      as: team.admin,
    });
    expect(accounts.find(({ member }) => member.name === 'Bericht')?.tokens).toMatchObject([
      { id: token.id, label: 'Nachts', maxRole: 'viewer' },
    ]);
    expect(JSON.stringify(accounts)).not.toContain(secret);
    expect((await call(`${path}/${token.id}`, { as: team.admin, method: 'DELETE' })).status).toBe(204);
    expect((await call('/me', { as: program })).status).toBe(401);
    await expectProblem(await call(`${path}/${token.id}`, { as: team.admin, method: 'DELETE' }), 'token-not-found');
  });

  it('all its tokens end at once, each on record; those of other programs stay', async () => {
    const as = team.admin;
    const make = async (name: string, labels: readonly string[]) => {
      const json = { name, role: 'editor' };
      const { member } = await done<ServiceAccount>(inWorkspace('/service-accounts'), { as, method: 'POST', json });
      const path = inWorkspace(`/service-accounts/${member.id}/tokens`);
      const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
      const made = labels.map((label) =>
        done<{ secret: string }>(path, { as, method: 'POST', json: { label, maxRole: 'editor', expiresAt } }),
      );
      return { id: member.id, path, programs: (await Promise.all(made)).map(({ secret }) => ({ token: secret })) };
    };
    const ending = await make('Abgleich', ['eins', 'zwei']);
    const staying = await make('Ausleitung', ['drei']);
    const end = () => done<{ ended: number }>(ending.path, { as, method: 'DELETE' });
    expect(await end()).toEqual({ ended: 2 });
    expect(await end()).toEqual({ ended: 0 });
    const statuses = [...ending.programs, ...staying.programs].map(
      async (one) => (await call('/me', { as: one })).status,
    );
    expect(await Promise.all(statuses)).toEqual([401, 401, 200]);
    const labels = await cluster.sql(
      `select before->>'label' as label from events where kind = 'token-ended' and subject = $1 order by 1`,
      [`user:${ending.id}`],
    );
    expect(labels.map(({ label }) => label)).toEqual(['eins', 'zwei']);
    await expectProblem(
      await call(inWorkspace(`/service-accounts/${team.editor.id}/tokens`), { as, method: 'DELETE' }),
      'member-not-found',
    );
  });
});

describe('set-up', () => {
  it('is refused once somebody administers the installation', async () => {
    const json = { secret: 'x'.repeat(43), name: 'Eva', email: address(), password: PASSWORD, workspace: 'Fremd' };
    await expectProblem(await post('/set-up', json), 'set-up-done');
    await expect(setUpSecret()).rejects.toThrow('set up already');
  });

  it('comes from our own page only, and not too often from one address', async () => {
    const foreign = await callHttp(cluster, '/api/v1/invitations/look', {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example' },
      json: { secret: 'x'.repeat(43) },
    });
    await expectProblem(foreign, 'foreign-origin');
    const json = { secret: 'x'.repeat(43) };
    const codes: number[] = [];
    for (let count = 0; count < 40; count++) {
      const answer = await post('/password-links/look', json);
      codes.push(answer.status);
      if (answer.status === 429) expect(answer.headers.get('retry-after')).not.toBeNull();
    }
    expect(new Set(codes)).toEqual(new Set([404, 429]));
  });
});
