import { expect, it } from 'vitest';
import { HeldBytes, type Holder } from './held-bytes.ts';

const LIMITS = { person: { all: 10, each: 6 }, stranger: { all: 4, each: 3 }, unknown: { all: 5, each: 5 } };
const anna: Holder = { kind: 'person', key: 'anna' };
const ben: Holder = { kind: 'person', key: 'ben' };
const somebody: Holder = { kind: 'stranger', key: '192.0.2.1' };
const another: Holder = { kind: 'stranger', key: 'anna' };

it('one takes no more than their share, and all together no more than there is', () => {
  const held = new HeldBytes(LIMITS);
  expect(held.take(anna, 6)).toBe('taken');
  expect(held.take(anna, 1)).toBe('own-share-used-up');
  expect(held.take(ben, 5)).toBe('full');
  expect(held.take(ben, 4)).toBe('taken');
  held.give(anna, 6);
  expect(held.take(ben, 2)).toBe('taken');
});

it('what strangers send, or who is being looked up, takes no room from people', () => {
  const held = new HeldBytes(LIMITS);
  expect(held.take(somebody, 3)).toBe('taken');
  expect(held.take(another, 2)).toBe('full');
  expect(held.take(another, 1)).toBe('taken');
  expect(held.take({ kind: 'unknown', key: '' }, 5)).toBe('taken');
  expect(held.take(anna, 6)).toBe('taken');
});
