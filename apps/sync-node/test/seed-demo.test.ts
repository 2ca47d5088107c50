import { connectDatabase } from '@meldesync/db';
import { expect, it } from 'vitest';
import { seedDemo } from '../src/seed-demo.ts';
import { setUpApi } from './api-setup.ts';

const { cluster, call } = await setUpApi();

it('the demo’s people are signed in nowhere before they sign in', async () => {
  await using database = connectDatabase({
    url: cluster.database.appUrl,
    maxConnections: 2,
    applicationName: 'test-seed',
    onConnectionError: (error) => {
      throw error;
    },
  });
  const options = { database, authSecret: 'a secret of the seed, thirty-two characters', baseUrl: cluster.url() };
  const accounts = await seedDemo(options);
  expect(await seedDemo(options)).toEqual(accounts);
  const sessions = () =>
    cluster.sql(`select "user".email from auth.session join auth."user" on "user".id = session.user_id
      where "user".email like '%@demo.example'`);
  expect(await sessions()).toEqual([]);
  const [{ email, password } = { email: '', password: '' }] = accounts;
  const json = { email, password };
  const headers = { origin: cluster.url() };
  const response = await call('/api/auth/sign-in/email', { as: undefined, method: 'POST', headers, json });
  expect(response.status).toBe(200);
  expect(await sessions()).toEqual([{ email }]);
});
