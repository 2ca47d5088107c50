import { expectProblem } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { PASSWORD, setUpAdministration } from './administration-setup.ts';

const { cluster, call, done, signIn, setUpSecret } = await setUpAdministration();

const secretOf = (url: string) => url.slice(url.indexOf('#') + 1);
const EMAIL = 'it@klinik.example';

it('an empty installation is set up by its link, and its administrator invites somebody who then works', async () => {
  expect(await done('/entry')).toEqual({
    needsSetUp: true,
    isDemo: false,
    passwords: true,
    passkeys: true,
    singleSignOn: null,
  });
  const secret = await setUpSecret();
  const json = { secret, name: 'Ina Thal', email: 'IT@Klinik.example', password: PASSWORD, workspace: 'Humangenetik' };
  const { workspace, email } = await done<{ workspace: string; email: string }>('/set-up', { method: 'POST', json });
  expect(email).toBe(EMAIL);
  expect(await done('/entry')).toMatchObject({ needsSetUp: false });
  const ina = await signIn(EMAIL, PASSWORD);
  expect(await done('/me', { as: ina })).toMatchObject({
    user: { name: 'Ina Thal', email: EMAIL, isInstallationAdmin: true },
    workspaces: [{ id: workspace, name: 'Humangenetik', role: 'admin' }],
  });

  const made = await done<{ link: { url: string; mailText: string } }>(
    `/administration/workspaces/${workspace}/invitations`,
    { as: ina, method: 'POST', json: { email: 'Team+1@klinik.example', role: 'editor' } },
  );
  expect(made.link.url).toMatch(new RegExp(`^${cluster.url()}/invitation#[A-Za-z0-9_-]{43}$`));
  expect(made.link.mailText).toContain('Humangenetik');
  const invitation = secretOf(made.link.url);
  expect(await done('/invitations/look', { method: 'POST', json: { secret: invitation } })).toMatchObject({
    workspace: 'Humangenetik',
    email: 'team+1@klinik.example',
    invitedBy: 'Ina Thal',
    hasAccount: false,
  });
  await done('/invitations/accept', {
    method: 'POST',
    json: { secret: invitation, name: 'Tea Mayer', password: PASSWORD },
  });
  const tea = await signIn('team+1@klinik.example', PASSWORD);
  const me = await done<{ user: { id: string } }>('/me', { as: tea });
  expect(me).toMatchObject({ user: { isInstallationAdmin: false }, workspaces: [{ role: 'editor' }] });

  const again = await call('/invitations/accept', { method: 'POST', json: { secret: invitation } });
  await expectProblem(again, 'link-used');
  await expectProblem(await call('/set-up', { method: 'POST', json }), 'set-up-done');
  const { events } = await done<{ events: { kind: string; actor: string; address: string }[] }>(
    '/administration/events',
    { as: ina },
  );
  const acts = events.filter(({ kind }) => !/^(session|sign-in)/.test(kind));
  expect(acts.map(({ kind }) => kind).reverse()).toEqual([
    'set-up-link-made',
    'account-created',
    'workspace-created',
    'member-added',
    'member-invited',
    'account-created',
    'invitation-accepted',
  ]);
  expect(acts[0]).toMatchObject({ actor: `user:${me.user.id}`, actorName: 'Tea Mayer', address: '127.0.0.1' });
});
