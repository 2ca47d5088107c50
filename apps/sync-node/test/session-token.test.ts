import { connectDatabase } from '@meldesync/db';
import { createTestDatabase } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { COOKIE_PREFIX, createAuth } from '../src/auth/auth.ts';
import { authenticate } from '../src/auth/authenticate.ts';
import { sessionTokenOf } from '../src/auth/session-token.ts';

const SECRET = 'a secret of the test that is long enough';

it.each(['http://localhost:8080', 'https://meldesync.example'])(
  'finds in what better-auth hands out at %s the token that better-auth finds, and in nothing else',
  async (baseUrl) => {
    await using testDatabase = await createTestDatabase();
    await using database = connectDatabase({
      url: testDatabase.appUrl,
      maxConnections: 2,
      applicationName: 'test',
      onConnectionError: () => undefined,
    });
    const auth = createAuth({
      database,
      secret: SECRET,
      baseUrl,
      trustedOrigins: [],
      oidc: undefined,
      allowSignUp: true,
    });
    const body = { email: 'anna@test.example', password: 'correct-horse-battery', name: 'Anna' };
    const { headers, response } = await auth.api.signUpEmail({ body, returnHeaders: true });
    const { token } = response;
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
    const [name = '', signed = ''] = cookie.split('=');
    const tokenOf = (given: Record<string, string>) =>
      sessionTokenOf(new Headers(given), { secret: SECRET, cookiePrefix: COOKIE_PREFIX });
    const isKnown = async (given: Record<string, string>) =>
      (await authenticate(auth, new Headers(given)))?.email === body.email;

    for (const good of [{ cookie }, { authorization: `Bearer ${token}` }, { authorization: `bearer ${signed}` }]) {
      expect(tokenOf(good)).toBe(token);
      expect(await isKnown(good)).toBe(true);
    }
    const forged = `${name}=${token}.${Buffer.alloc(32).toString('base64')}`;
    for (const bad of [{ cookie: forged }, { cookie: `${name}=${token}` }, { cookie: `${name}=` }, {}]) {
      expect(tokenOf(bad)).toBeUndefined();
      expect(await isKnown(bad)).toBe(false);
    }
  },
);
