import type { FoundSession } from '@meldesync/db';
import { expect, it } from 'vitest';
import { UNLIMITED } from '../core/identity.ts';
import { createIdentify, createIdentifyMany } from './identify.ts';
import { hashToken, sessionKeys, signToken } from './session-tokens.ts';

const SECRET = 'the secret that signs now, of thirty-two characters';
const PREVIOUS = 'the secret that signed before, of thirty-two characters';

const bearer = (token: string, secret = SECRET) => new Headers({ authorization: `Bearer ${signToken(token, secret)}` });

function setUp(tokens: readonly string[]) {
  const queries: string[][] = [];
  const sessions = new Map(
    tokens.map((token): [string, FoundSession] => [
      hashToken(token),
      { ...UNLIMITED, userId: 'a', name: 'Anna', email: 'a@test.example', sessionId: token, keyId: null },
    ]),
  );
  const input = {
    keys: sessionKeys(SECRET, [PREVIOUS]),
    cookieName: 'meldesync.session_token',
    findSessions: (hashes: readonly string[]) => {
      queries.push([...hashes]);
      return Promise.resolve(hashes.map((hash) => sessions.get(hash)));
    },
  };
  return { identify: createIdentify(input), identifyMany: createIdentifyMany(input), queries };
}

it('R4.2 looks up many in one query, each with a session of their own', async () => {
  const { identifyMany, queries } = setUp(['one', 'two', 'three']);
  const all = await Promise.all(['one', 'two', 'three', 'two'].map((token) => identifyMany(bearer(token))));
  expect(all.map((one) => one?.sessionId)).toEqual(['one', 'two', 'three', 'two']);
  expect(queries).toEqual([[hashToken('one')], ['two', 'three', 'two'].map(hashToken)]);
});

it('a token counts that one of the keys has signed', async () => {
  const { identify } = setUp(['good']);
  expect((await identify(bearer('good', PREVIOUS)))?.sessionId).toBe('good');
});

it.each([
  ['is not signed', new Headers({ authorization: 'Bearer good' })],
  ['is the hash of one, signed or not', bearer(hashToken('good'))],
  ['is signed by somebody else', bearer('good', 'some other secret of thirty-two characters')],
  ['is in a cookie, and not signed', new Headers({ cookie: 'meldesync.session_token=good' })],
  ['is not there', new Headers({ cookie: 'other=1' })],
  ['is unknown', bearer('unknown')],
])('nobody is signed in by a token that %s', async (_, headers) => {
  const { identify } = setUp(['good']);
  expect(await identify(headers)).toBeUndefined();
});
