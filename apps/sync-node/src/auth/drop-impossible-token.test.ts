import { expect, it } from 'vitest';
import { dropImpossibleToken } from './drop-impossible-token.ts';

const left = (authorization: string) => {
  const headers = new Headers({ authorization });
  dropImpossibleToken(headers);
  return headers.get('authorization');
};

it.each([
  'Bearer %00',
  'Bearer a%00b',
  'bearer %00.c2lnbmF0dXJl',
  'Bearer token.a%00b',
  'BEARER a%01b',
  'Bearer a%7Fb',
  'Bearer a%ED%A0%80b',
  'Bearer a%E2%82%ACb',
  'Bearer a\u00fcb',
  'Bearer %zz',
  'Bearer two words',
  'Bearer a.b.c',
  "Bearer ';--",
  `Bearer ${'a'.repeat(129)}`,
  'Bearer',
])('%j is no token', (authorization) => {
  expect(left(authorization)).toBeNull();
});

it.each([
  'Bearer abcDEF_-012',
  `bearer ${'a'.repeat(32)}`,
  'Bearer token.c2ln%2Bbm%2FF0dXJl%3D',
  'Basic %00',
  'Bearerless %00',
])('%j may be one, or is none of ours', (authorization) => {
  expect(left(authorization)).toBe(authorization);
});
