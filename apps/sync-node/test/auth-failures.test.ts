import { expectProblem } from '@meldesync/testkit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { setUpApi } from './api-setup.ts';

const { cluster, anna, call } = await setUpApi({ logLevel: 'silent' });

/** What went past our own logger, which cuts out what nobody may read. */
let printed: string[] = [];

beforeEach(() => {
  printed = [];
  for (const name of ['error', 'warn', 'info', 'log', 'debug'] as const) {
    vi.spyOn(console, name).mockImplementation((...words) => {
      printed.push(words.map((word) => (word instanceof Error ? `${word.stack}` : String(word))).join(' '));
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

it('a query of the sign-in that fails is answered, and prints neither tokens nor addresses', async () => {
  await cluster.sql('alter table auth.session rename to session_away');
  await cluster.sql('alter table auth."user" rename to user_away');
  const me = await call('/api/v1/me');
  const session = await call('/api/auth/get-session');
  const signIn = await call('/api/auth/sign-in/email', {
    as: undefined,
    method: 'POST',
    headers: { origin: cluster.url() },
    json: { email: anna.email, password: anna.password },
  });
  expect(printed).toEqual([]);
  expect([me.status, session.status]).toEqual([500, 500]);
  await expectProblem(signIn, 'internal');
});
