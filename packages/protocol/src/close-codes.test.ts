import { expect, it } from 'vitest';
import { CLOSE_CODES, drainReason, mayReconnect, reconnectInMs } from './close-codes.ts';

it('R4.1 the range of a close code says whether to come back', () => {
  const back = Object.entries(CLOSE_CODES).filter(([, code]) => mayReconnect(code));
  expect(back.map(([name]) => name).toSorted()).toEqual([
    'draining',
    'helloTimeout',
    'internal',
    'rateLimited',
    'slow',
  ]);
  for (const transport of [1000, 1001, 1006, 1009, 1011]) expect(mayReconnect(transport)).toBe(true);
});

it('a node that stops says when to come back', () => {
  expect(reconnectInMs(CLOSE_CODES.draining, drainReason(349.6))).toBe(350);
  expect(reconnectInMs(CLOSE_CODES.slow, drainReason(350))).toBeUndefined();
  for (const reason of ['', 'the node is stopping', '; reconnect in -5 ms', '; reconnect in 99999999 ms']) {
    expect(reconnectInMs(CLOSE_CODES.draining, reason), reason).toBeUndefined();
  }
  // RFC 6455 §5.5: a reason has at most 123 bytes.
  expect(drainReason(999_999).length).toBeLessThan(123);
});
