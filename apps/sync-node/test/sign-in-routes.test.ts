import { SESSION_KIND_HEADER, TOKEN_HEADER } from '@meldesync/protocol';
import { expectProblem, type HttpCall } from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';

const { cluster, anna, call } = await setUpApi();

const signIn = (path: string, method: string, options: HttpCall = {}) =>
  call(`/api/auth${path}`, {
    method,
    headers: { origin: cluster.url() },
    ...(method === 'POST' ? { json: {} } : {}),
    ...options,
  });

describe('what nobody uses of the sign-in does not exist', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/ok'],
    ['GET', '/error'],
    ['GET', '/account-info'],
    ['GET', '/callback/github'],
    ['POST', '/change-email'],
    ['POST', '/change-password'],
    ['POST', '/delete-user'],
    ['GET', '/delete-user/callback?token=a'],
    ['POST', '/get-access-token'],
    ['POST', '/link-social'],
    ['GET', '/list-accounts'],
    ['GET', '/list-sessions'],
    ['POST', '/refresh-token'],
    ['POST', '/request-password-reset'],
    ['POST', '/reset-password'],
    ['GET', '/reset-password/a?callbackURL=/'],
    ['POST', '/revoke-other-sessions'],
    ['POST', '/revoke-session'],
    ['POST', '/revoke-sessions'],
    ['POST', '/send-verification-email'],
    ['POST', '/set-password'],
    ['POST', '/sign-up/email'],
    ['POST', '/unlink-account'],
    ['POST', '/update-session'],
    ['POST', '/update-user'],
    ['GET', '/verify-email?token=a'],
    ['POST', '/verify-password'],
    ['POST', '/sign-in/email/'],
    ['POST', '//update-user'],
    ['POST', '/%75pdate-user'],
    ['POST', '/get-session/../update-user'],
  ])('%s %s', async (method, path) => {
    await expectProblem(await signIn(path, method), 'not-found');
  });

  it.each([
    ['GET', '/sign-in/email', 'OPTIONS, POST'],
    ['DELETE', '/sign-out', 'OPTIONS, POST'],
    ['POST', '/get-session', 'GET, HEAD, OPTIONS'],
    ['HEAD', '/callback/oidc', 'GET, OPTIONS'],
    ['POST', '/callback/oidc', 'GET, OPTIONS'],
  ])('%s %s is not done there', async (method, path, allow) => {
    const response = await signIn(path, method);
    expect(response.headers.get('allow')).toBe(allow);
    if (method === 'HEAD') expect(response.status).toBe(405);
    else await expectProblem(response, 'method-not-allowed');
  });

  it('nobody gives themselves a name, of a colleague or none', async () => {
    for (const name of ['Somebody Else', null])
      await expectProblem(await signIn('/update-user', 'POST', { json: { name } }), 'not-found');
    expect(await cluster.sql('select name from auth."user" where id = $1', [anna.id])).toEqual([{ name: 'Anna' }]);
  });
});

describe('what web app and CLI use of the sign-in', () => {
  it('signs in, says who is signed in, and ends its own session', async () => {
    const json = { email: anna.email, password: anna.password };
    const headers = { origin: cluster.url(), [SESSION_KIND_HEADER]: 'terminal' };
    const response = await signIn('/sign-in/email', 'POST', { as: undefined, json, headers });
    expect(response.status).toBe(200);
    const own = { ...anna, token: response.headers.get(TOKEN_HEADER) ?? '' };
    const session = (await (await signIn('/get-session', 'GET', { as: own })).json()) as { user: unknown };
    expect(session.user).toMatchObject({ id: anna.id, name: 'Anna' });
    expect((await signIn('/sign-out', 'POST', { as: own })).status).toBe(200);
    expect(await (await signIn('/get-session', 'GET', { as: own })).json()).toBeNull();
  });

  it.each([
    ['text/plain', 'x', 415],
    ['application/json', '{', 400],
  ])('a sign-in that is %s "%s" cannot be read', async (type, body, status) => {
    const headers = { origin: cluster.url(), 'content-type': type };
    const response = await call('/api/auth/sign-in/email', { method: 'POST', as: undefined, headers, body });
    expect(response.status).toBe(status);
  });

  it('asks the provider of a hospital where there is one, and comes back to the page for it', async () => {
    const asked = await signIn('/sign-in/social', 'POST', { json: { provider: 'oidc', callbackURL: '/' } });
    expect(await asked.json()).toMatchObject({ code: 'not-found' });
    const back = await fetch(`${cluster.url()}/api/auth/callback/oidc?code=a&state=b`, { redirect: 'manual' });
    expect(back.status).toBe(302);
    expect(back.headers.get('location')).toMatch(`${cluster.url()}/sign-in?error=`);
  });

  it.each([
    ['/sign-in/email', { email: null, password: 'correct-horse' }],
    ['/sign-in/email', { email: anna.email, password: null }],
    ['/sign-in/email', { email: anna.email, password: { length: 1 } }],
    ['/sign-in/email', null],
    ['/sign-in/email', []],
    ['/sign-in/social', { provider: null }],
    ['/sign-in/social', { provider: '__proto__' }],
  ])('%s with %j is the mistake of who sent it', async (path, json) => {
    const { status } = await signIn(path, 'POST', { json });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });
});
