import type { FoundSession } from '@meldesync/db';
import { expect, it } from 'vitest';
import type { Identity } from '../core/identity.ts';
import { RENEW_AFTER_MS, SESSION_MS } from './auth.ts';
import { createIdentify } from './identify.ts';

const MINUTE_MS = 60_000;
const anna = { userId: 'a', name: 'Anna', email: 'a@test.example', sessionId: 's' };
const FROM_LIBRARY: Identity = { ...anna, sessionId: 'from better-auth', expiresAt: 1 };
const bearer = (token: string) => new Headers({ authorization: `Bearer ${token}` });

function setUp(sessions: Record<string, FoundSession>) {
  const queries: string[][] = [];
  const identify = createIdentify({
    secret: 'secret',
    findSessions: (tokens) => {
      queries.push([...tokens]);
      return Promise.resolve(tokens.map((token) => sessions[token]));
    },
    authenticate: () => Promise.resolve(FROM_LIBRARY),
  });
  return { identify, queries };
}

it('R4.2 looks up many in one query, each with a session of their own', async () => {
  const expiresAt = Date.now() + SESSION_MS;
  const found = (sessionId: string): FoundSession => ({ ...anna, sessionId, expiresAt });
  const { identify, queries } = setUp({ one: found('1'), two: found('2'), three: found('3') });
  const all = await Promise.all(['one', 'two', 'three', 'two'].map((token) => identify(bearer(token))));
  expect(all.map((one) => one?.sessionId)).toEqual(['1', '2', '3', '2']);
  expect(queries).toEqual([['one'], ['two', 'three', 'two']]);
});

it.each([
  ['has ended', bearer('ended')],
  ['is due to be prolonged', bearer('due')],
  ['is not there', bearer('unknown')],
  ['is named in no way known here', new Headers({ cookie: 'other=1' })],
  ['is signed by somebody else', new Headers({ cookie: 'meldesync.session_token=good.c2lnbmF0dXJl' })],
])('leaves it to better-auth where the session %s', async (_, headers) => {
  const now = Date.now();
  const { identify } = setUp({
    good: { ...anna, expiresAt: now + SESSION_MS },
    ended: { ...anna, expiresAt: now - 1 },
    due: { ...anna, expiresAt: now + SESSION_MS - RENEW_AFTER_MS - MINUTE_MS },
  });
  expect(await identify(headers)).toBe(FROM_LIBRARY);
});
