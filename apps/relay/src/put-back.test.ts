import { expect, it } from 'vitest';
import { originOf } from './put-back.ts';

const XIDS = 2 ** 32;

it('R1.1 a row is new where it bears the id of the transaction that wrote it', () => {
  expect(originOf('700', 700, '600:650:')).toBe('new');
  expect(originOf(String(3 * XIDS + 700), 700, '600:650:')).toBe('new');
});

it.each([
  ['700', 650, 'put-back'],
  ['700', 649, 'held'],
  ['700', 620, 'put-back'],
  ['x', 649, 'held'],
  ['', 800, 'put-back'],
])('R1.1 a row of transaction %s that %i has written was put back: %s', (rowTxid, xid, origin) => {
  expect(originOf(rowTxid, xid, '600:650:620')).toBe(origin);
});

it('R1.1 ids of transactions begin again after four thousand million', () => {
  const snapshot = `${2 * XIDS - 10}:${2 * XIDS + 5}:`;
  expect(originOf('700', XIDS - 20, snapshot)).toBe('held');
  expect(originOf('700', 4, snapshot)).toBe('held');
  expect(originOf('700', 6, snapshot)).toBe('put-back');
  expect(originOf('700', XIDS - 5, `${2 * XIDS}:${2 * XIDS + 5}:`)).toBe('held');
  expect(originOf('700', 3, `${2 * XIDS - 10}:${2 * XIDS - 5}:`)).toBe('put-back');
});

it('R1.1 nothing is known of an epoch without a beginning', () => {
  expect(originOf('700', 650, null)).toBe('put-back');
});
