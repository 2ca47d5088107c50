import { expect, it } from 'vitest';
import { BoundedCache } from './bounded-cache.ts';

const KEEP_MS = 1_000;

function setUp({ renewedByUse = true } = {}) {
  let nowMs = 1;
  const cache = new BoundedCache<{ name: string }>({
    maxBytes: 100,
    keepMs: KEEP_MS,
    renewedByUse,
    runtime: { monotonicMs: () => nowMs },
  });
  return { cache, pass: (ms: number) => (nowMs += ms) };
}

const value = (name: string) => ({ name });

it('holds no more than it may, and lets go of what nobody has asked for longest', () => {
  const { cache } = setUp();
  const [a, b, c] = [value('a'), value('b'), value('c')];
  cache.set('a', a, 40);
  cache.set('b', b, 40);
  expect(cache.get('a')).toBe(a);
  cache.set('c', c, 40);
  expect(cache.get('b')).toBeUndefined();
  expect([cache.get('a'), cache.get('c')]).toEqual([a, c]);
  expect(cache.bytes).toBe(80);
  // It turns out to be larger than it was when it was begun.
  cache.resize('c', c, 90);
  expect(cache.get('a')).toBeUndefined();
  expect(cache.bytes).toBe(90);
  // Larger than everything: it serves who asked, and is not held.
  cache.resize('c', c, 101);
  expect(cache.size).toBe(0);
});

it('keeps an entry as long as somebody asks for it, or for a while from its making', () => {
  for (const renewedByUse of [true, false]) {
    const { cache, pass } = setUp({ renewedByUse });
    const a = value('a');
    cache.set('a', a, 1);
    pass(KEEP_MS - 1);
    expect(cache.get('a')).toBe(a);
    pass(KEEP_MS - 1);
    expect(cache.get('a')).toBe(renewedByUse ? a : undefined);
    pass(2 * KEEP_MS);
    // The next that is made shows what is no longer good out, asked for or not.
    cache.set('b', value('b'), 1);
    expect(cache.size).toBe(1);
  }
});

it('touches an entry only as the one that is meant', () => {
  const { cache } = setUp();
  const [earlier, later] = [value('earlier'), value('later')];
  cache.set('a', earlier, 1);
  cache.set('a', later, 1);
  cache.drop('a', earlier);
  cache.resize('a', earlier, 50);
  expect(cache.get('a')).toBe(later);
  expect(cache.bytes).toBe(1);
  cache.drop('a', later);
  expect(cache.get('a')).toBeUndefined();
});
