import { expect, it } from 'vitest';
import { KNOWN_DAYS, KnownDevices } from './known-devices.ts';

const SECRET = 'a secret that is long enough for all nodes';
const DAY_MS = 24 * 60 * 60 * 1_000;
const anna = { secret: 'password', account: 'anna@example.org' } as const;
const ben = { secret: 'password', account: 'ben@example.org' } as const;

it('a browser is known to those who were right in it, for that secret', () => {
  const devices = new KnownDevices(SECRET);
  expect(devices.markOf('', anna)).toBeUndefined();
  const one = devices.remember('', anna);
  const both = devices.remember(one, ben);
  for (const who of [anna, ben]) expect(devices.markOf(both, who)).toBeDefined();
  expect(devices.markOf(one, ben)).toBeUndefined();
  expect(devices.markOf(both, { ...anna, secret: 'code' })).toBeUndefined();
  expect(both).not.toMatch(/anna|ben|example/);
});

it('each browser has a mark of its own, and a new one each time', () => {
  const devices = new KnownDevices(SECRET);
  const [one, other] = [devices.remember('', anna), devices.remember('', anna)];
  expect(one).not.toBe(other);
  expect(devices.remember(one, anna).split('.')).toHaveLength(1);
});

it('is known for so long, and to nodes with the same secret', () => {
  let now = Date.UTC(2026, 0, 1);
  const devices = new KnownDevices(SECRET, () => now);
  const cookie = devices.remember('', anna);
  expect(new KnownDevices('another secret', () => now).markOf(cookie, anna)).toBeUndefined();
  now += KNOWN_DAYS * DAY_MS;
  expect(devices.markOf(cookie, anna)).toBeDefined();
  now += DAY_MS;
  expect(devices.markOf(cookie, anna)).toBeUndefined();
});

it('nobody makes a mark, or a younger one of an old one', () => {
  const devices = new KnownDevices(SECRET, () => Date.UTC(2026, 0, 1));
  const [, day = '', nonce = '', seal = ''] = /^(\w+)-(.{12})-(.{22})$/.exec(devices.remember('', anna)) ?? [];
  const younger = (Number.parseInt(day, 36) - 1).toString(36);
  for (const forged of [`${younger}-${nonce}-${seal}`, `${day}-${nonce}-${'A'.repeat(22)}`, 'x', '..', 'é-é-é'])
    expect(devices.markOf(forged, anna)).toBeUndefined();
});

it('so many people are known in one browser, the last of them', () => {
  const devices = new KnownDevices(SECRET);
  let cookie = devices.remember('', anna);
  for (let count = 0; count < 16; count++) cookie = devices.remember(cookie, { ...ben, account: `${count}` });
  expect(cookie.split('.')).toHaveLength(16);
  expect(devices.markOf(cookie, anna)).toBeUndefined();
  expect(devices.markOf(cookie, { ...ben, account: '15' })).toBeDefined();
});
