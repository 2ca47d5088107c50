import { expect, it } from 'vitest';
import { FakeStore } from './fake-store.ts';
import { createLimitKey } from './limit-key.ts';
import { type RateName, Rates } from './rates.ts';

function setUp() {
  const store = new FakeStore();
  const refused: RateName[] = [];
  const rates = new Rates({ store, key: createLimitKey('a secret'), onRefused: (rate) => refused.push(rate) });
  return { store, rates, refused };
}

it('an address may ask for so many codes of terminals a minute, and another for as many', async () => {
  const { store, rates, refused } = setUp();
  for (let count = 0; count < 120; count++) await rates.ofAddress('device-codes', '203.0.113.9');
  await expect(rates.ofAddress('device-codes', '203.0.113.9')).rejects.toMatchObject({ retryAfterMs: 60_000 });
  await rates.ofAddress('device-codes', '198.51.100.7');
  expect(refused).toEqual(['device-codes']);
  store.nowMs += 60_000;
  await rates.ofAddress('device-codes', '203.0.113.9');
});

it('of IPv6 a network counts, and one of 48 bits ten times as much', async () => {
  const { rates } = setUp();
  for (let count = 0; count < 120; count++)
    await rates.ofAddress('device-codes', `2001:db8:1:2::${(count + 1).toString(16)}`);
  await expect(rates.ofAddress('device-codes', '2001:db8:1:2::ffff')).rejects.toThrow();
  for (let count = 0; count < 1_080; count++)
    await rates.ofAddress('device-codes', `2001:db8:1:${(count + 3).toString(16)}::1`);
  await expect(rates.ofAddress('device-codes', '2001:db8:1:ffff::1')).rejects.toThrow();
});

it('a person may send so many requests, and waits for the rest of the time; others do not', async () => {
  const { rates } = setUp();
  for (let count = 0; count <= 1_000; count++) rates.ofRequest('anna');
  // They are counted behind the request.
  await Promise.resolve();
  await new Promise(setImmediate);
  expect(() => rates.ofRequest('anna')).toThrow(expect.objectContaining({ code: 'rate-limited' }));
  rates.ofRequest('ben');
});

it('a person has so many exports at a time, and so many an hour', async () => {
  const { rates } = setUp();
  const refusal = expect.objectContaining({ code: 'rate-limited' });
  const [first] = [rates.occupy('exports', 'anna'), rates.occupy('exports', 'anna')];
  for (let count = 0; count < 5; count++) expect(() => rates.occupy('exports', 'anna')).toThrow(refusal);
  rates.occupy('exports', 'ben');
  first();
  first();
  rates.occupy('exports', 'anna');
  expect(() => rates.occupy('exports', 'anna')).toThrow(refusal);
  for (let count = 0; count < 300; count++) await rates.ofAccount('exports', 'anna');
  await expect(rates.ofAccount('exports', 'anna')).rejects.toMatchObject({ retryAfterMs: 3_600_000 });
});
