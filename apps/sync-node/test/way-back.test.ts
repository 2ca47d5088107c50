import { makeWayBack, SYSTEM } from '@meldesync/db';
import { expectProblem } from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';
import { makeLink } from '../src/make-link.ts';
import { addTeam, PASSWORD, setUpAdministration } from './administration-setup.ts';
import { CookieJar } from './cookie-jar.ts';
import { beginOneTimePasswords } from './one-time-passwords.ts';

const { cluster, database, call, done, signIn } = await setUpAdministration({ passwordPolicy: 'administrators' });
const team = await addTeam(cluster);

/** What `dist/set-up.js` prints to whoever runs the server. */
const letIn = (email: string | undefined) => makeLink(database, { baseUrl: cluster.url(), email });

const kindsOf = async (id: string) =>
  (
    await cluster.sql(
      `select kind from events where subject = $1 and actor = 'system' and kind !~ '^session' order by id`,
      [`user:${id}`],
    )
  ).map(({ kind }) => kind);

describe('whoever runs the server lets somebody in again', () => {
  it('the only administrator, who has lost their codes and whose provider is gone', async () => {
    const { installation: ina } = team;
    const jar = new CookieJar(cluster);
    await jar.signIn(ina.email, ina.password);
    const app = await beginOneTimePasswords(jar, ina.password);
    expect((await jar.post('/api/auth/two-factor/verify-totp', { code: app.code() })).status).toBe(200);
    // As single sign-on would have made them: nobody knows a password of theirs.
    await cluster.sql('delete from auth.account where user_id = $1', [ina.id]);
    await cluster.sql('update auth."user" set disabled_at = now() where id = $1', [ina.id]);

    const { passwordLink } = (await letIn(`  ${ina.email.toUpperCase()} `)) as { passwordLink: { url: string } };
    expect(passwordLink.url).toMatch(new RegExp(`^${cluster.url()}/new-password#[A-Za-z0-9_-]{43}$`));
    expect((await jar.get('/api/v1/me')).status).toBe(401);
    const secret = passwordLink.url.slice(passwordLink.url.indexOf('#') + 1);
    await done('/password-links/use', { method: 'POST', json: { secret, password: PASSWORD } });
    const back = await signIn(ina.email, PASSWORD);
    expect(await done('/me', { as: back })).toMatchObject({ user: { isInstallationAdmin: true } });
    await done('/administration/accounts', { as: back });
    await expectProblem(
      await call('/password-links/use', { method: 'POST', json: { secret, password: PASSWORD } }),
      'link-used',
    );
    expect(await kindsOf(ina.id)).toEqual(['account-changed', 'second-factors-removed', 'password-link-made']);
  });

  it('somebody else, where no administrator is left; a link of one who administers no more leads nowhere', async () => {
    const { editor } = team;
    const link = await makeWayBack(database, SYSTEM, editor.email);
    expect(await kindsOf(editor.id)).toEqual(['account-changed', 'password-link-made']);
    await cluster.sql('update auth."user" set is_installation_admin = false where id = $1', [editor.id]);
    const json = { secret: link.secret, password: PASSWORD };
    await expectProblem(await call('/password-links/use', { method: 'POST', json }), 'link-unknown');
  });

  it('and nobody whom the demo or a program is, or who is not there', async () => {
    await cluster.sql('update auth."user" set is_demo = true where id = $1', [team.viewer.id]);
    await cluster.sql(`update auth."user" set kind = 'service' where id = $1`, [team.auditor.id]);
    for (const email of [team.viewer.email, team.auditor.email, 'nobody@klinik.example']) {
      await expect(makeWayBack(database, SYSTEM, email)).rejects.toMatchObject({ code: 'account-not-found' });
    }
    await expect(letIn('nobody@klinik.example')).rejects.toThrow(
      'no person has an account with the address nobody@klinik.example',
    );
    expect(await letIn(undefined)).toEqual({ setUpLink: null });
  });
});
