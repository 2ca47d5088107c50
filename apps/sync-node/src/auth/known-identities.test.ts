import { expect, it } from 'vitest';
import { type Identity, UNLIMITED } from '../core/identity.ts';
import { KnownIdentities } from './known-identities.ts';

const anna: Identity = { ...UNLIMITED, userId: 'a', name: 'Anna', email: 'a@test.example', sessionId: 's' };
const headers = (token: string) => new Headers({ authorization: `Bearer ${token}` });

it('looks somebody up once for all of their connections, and each person alone', async () => {
  const asked: (string | null)[] = [];
  const identities = new KnownIdentities(async (from) => {
    asked.push(from.get('authorization'));
    return anna;
  });
  await Promise.all([identities.find(headers('a')), identities.find(headers('a')), identities.find(headers('b'))]);
  expect(await identities.find(headers('a'))).toBe(anna);
  expect(asked).toEqual(['Bearer a', 'Bearer b']);
});

it('asks anew after sessions changed, and when nobody was found or nobody could be asked', async () => {
  const answers = [
    async () => anna,
    async () => undefined,
    async () => Promise.reject(new Error('away')),
    async () => anna,
  ];
  const identities = new KnownIdentities(async () => answers.shift()?.());
  expect(await identities.find(headers('a'))).toBe(anna);
  identities.forgetAll();
  expect(await identities.find(headers('a'))).toBeUndefined();
  await expect(identities.find(headers('a'))).rejects.toThrow('away');
  expect(await identities.find(headers('a'))).toBe(anna);
});

it('asks anew after a while, however often somebody came meanwhile, and does not keep what endless credentials would take', async () => {
  let nowMs = 1;
  let asked = 0;
  const lookUp = async () => {
    asked += 1;
    return anna;
  };
  const identities = new KnownIdentities(lookUp, { monotonicMs: () => nowMs });
  for (let second = 0; second < 10; second++, nowMs += 1_000) await identities.find(headers('a'));
  expect(asked).toBe(1);
  nowMs += 1;
  await identities.find(headers('a'));
  expect(asked).toBe(2);
  // Each as long as headers may be: the first is let go of for the last.
  const long = (index: number) => headers(`${index}${'x'.repeat(60_000)}`);
  for (let index = 0; index < 200; index++) await identities.find(long(index));
  await identities.find(long(0));
  expect(asked).toBe(203);
});
