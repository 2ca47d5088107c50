import { API_PREFIX } from '@meldesync/protocol';
import { type HttpCall } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { DESCRIPTION_PATH } from '../src/http/api-description.ts';
import { SIGN_IN_PATHS } from '../src/http/sign-in-routes.ts';
import { setUpApi } from './api-setup.ts';
import { signInAt } from './sessions-setup.ts';

const { cluster, anna, record, call } = await setUpApi();

const UNKNOWN = '11111111-1111-4111-8111-111111111111';
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** Whatever signs out comes last. */
const isEnding = ([method, path]: readonly [string, string]) =>
  path.includes('sign-out') || (path.includes('/me/sessions') && method === 'DELETE');

/** Every path of the API and of the sign-in, with every method. */
async function everyRoute(): Promise<[string, string][]> {
  const { paths } = (await (await call(DESCRIPTION_PATH)).json()) as { paths: Record<string, unknown> };
  const addresses = Object.keys(paths).map((path) =>
    path
      .replace('{workspace}', cluster.workspace)
      .replace('{record}', String(record))
      .replaceAll(/\{\w+\}/g, UNKNOWN),
  );
  const all = [...addresses, ...SIGN_IN_PATHS, `${API_PREFIX}/me/sessions`];
  const routes = [...new Set(all)].flatMap((path) => METHODS.map((method): [string, string] => [method, path]));
  return routes.toSorted((a, b) => Number(isEnding(a)) - Number(isEnding(b)));
}

it('no answer of any route holds the token of a session, its signature, or what the table has of it', async () => {
  const other = await signInAt(cluster, 0, anna);
  const tokens = [anna.token, other.person.token].flatMap((token) => token.split('.'));
  const hashes = (await cluster.sql('select token from auth.session')).map(({ token }) => String(token));
  const secrets = [...tokens, ...hashes];
  expect(secrets.length).toBeGreaterThanOrEqual(6);
  const routes = await everyRoute();
  expect(routes.length).toBeGreaterThan(100);
  let answered = 0;
  for (const [method, path] of routes) {
    const options: HttpCall = {
      method,
      headers: { origin: cluster.url() },
      ...(method === 'GET' || method === 'DELETE' ? {} : { json: { email: anna.email, password: anna.password } }),
    };
    const response = await call(path, options);
    const body = await response.text();
    if (response.ok) answered += 1;
    const found = secrets.filter((secret) => body.includes(secret));
    expect({ method, path, found, named: /"(?:token|access_token)"/.test(body) }).toEqual({
      method,
      path,
      found: [],
      named: false,
    });
    // But for a browser's cookie and a terminal's token, each for who has just signed in.
    const headers = [...response.headers].filter(([name]) => name !== 'set-cookie').map(([, value]) => value);
    expect({ method, path, found: secrets.filter((secret) => headers.join().includes(secret)) }).toEqual({
      method,
      path,
      found: [],
    });
  }
  expect(answered).toBeGreaterThan(15);
});
