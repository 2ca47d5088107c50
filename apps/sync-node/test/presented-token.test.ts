import { connectDatabase } from '@meldesync/db';
import { createTestDatabase } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { createAuth } from '../src/auth/auth.ts';
import { presentedToken } from '../src/auth/presented-token.ts';
import { hashToken, sessionKeys } from '../src/auth/session-tokens.ts';

const SECRET = 'a secret of the test that is long enough';

/** With which other hosts of the same domain may put a cookie where it is sent here. */
const OTHER_PREFIXES = ['', '__Secure-'];

it.each(['http://localhost:8080', 'https://meldesync.example'])(
  'finds in what better-auth hands out at %s the token that better-auth finds, and in nothing else',
  async (baseUrl) => {
    await using testDatabase = await createTestDatabase();
    await using database = connectDatabase({
      url: testDatabase.authUrl,
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
    const handed = headers.get('set-auth-token') ?? '';
    const cookieName = baseUrl.startsWith('https:') ? '__Host-meldesync.session_token' : 'meldesync.session_token';
    const form = { keys: sessionKeys(SECRET), cookieName };
    const tokenOf = (given: Record<string, string>) => presentedToken(new Headers(given), form)?.token;
    const isKnown = async (given: Record<string, string>) =>
      (await auth.api.getSession({ headers: new Headers(given) }))?.user.email === body.email;

    for (const good of [
      { cookie },
      { authorization: `Bearer ${handed}` },
      { authorization: `bearer ${signed}` },
    ] as Record<string, string>[]) {
      expect(tokenOf(good)).toBe(token);
      expect(await isKnown(good)).toBe(true);
    }
    const forged = `${name}=${token}.${Buffer.alloc(32).toString('base64')}`;
    const bads: Record<string, string>[] = [
      { cookie: forged },
      { cookie: `${name}=${token}` },
      { cookie: `${name}=` },
      // Any other host of the same domain could have put it there.
      ...(baseUrl.startsWith('https:')
        ? OTHER_PREFIXES.map((prefix) => ({ cookie: `${prefix}meldesync.session_token=${signed}` }))
        : []),
      { authorization: `Bearer ${token}` },
      {},
    ];
    for (const bad of bads) {
      expect(tokenOf(bad)).toBeUndefined();
      expect(await isKnown(bad)).toBe(false);
    }
    expect(await testDatabase.sql('select token from auth.session')).toEqual([{ token: hashToken(token ?? '') }]);
  },
);
