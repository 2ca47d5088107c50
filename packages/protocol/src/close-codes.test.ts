import { describe, expect, it } from 'vitest';
import closeVectors from '../vectors/closes.json' with { type: 'json' };
import { CLOSE_CODES, CLOSE_RULES, consequenceOf, freesLocks } from './close-codes.ts';
import { drainReason, MAX_CLOSE_REASON_BYTES, reconnectInMs } from './close-reason.ts';

describe('close codes', () => {
  it.each<(typeof closeVectors.closes)[number]>(closeVectors.closes)('R4.1 P46 P47 $name', (vector) => {
    expect(consequenceOf(vector.code).client).toBe(vector.client);
    expect(reconnectInMs(vector.code, vector.reason)).toBe(vector.retryAfterMs);
  });

  it('P46 the range says what a client that does not know a code is to do, and the table agrees with it', () => {
    for (const { code, client } of Object.values(CLOSE_RULES)) {
      const isComingBack = client === 'back-off' || client === 'when-told';
      expect(isComingBack, String(code)).toBe(code < 4400 || code >= 4500);
    }
  });

  it('are each one row', () => {
    const codes = Object.values(CLOSE_RULES).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('P32 the locks of who does not come back, or may not, end at once', () => {
    const ending = Object.values(CLOSE_RULES).filter(({ code }) => freesLocks(code));
    expect(ending.map(({ code }) => code)).toEqual([1001, 4400, 4401, 4403, 4428]);
    expect([1000, 4499, 4999].filter(freesLocks)).toEqual([]);
  });
});

describe('the reason of a node that stops', () => {
  it('P46 says when to come back', () => {
    expect(drainReason(349.6)).toBe('{"retryAfterMs":350}; reconnect in 350 ms');
    expect(reconnectInMs(CLOSE_CODES.draining, drainReason(349.6))).toBe(350);
  });

  it('P46 clients up to 0.3.0 find the number at its end', () => {
    expect(/; reconnect in (\d{1,6}) ms$/.exec(drainReason(1_500))?.[1]).toBe('1500');
  });

  it('P46 has room in a close', () => {
    expect(Buffer.byteLength(drainReason(Number.MAX_SAFE_INTEGER))).toBeLessThan(MAX_CLOSE_REASON_BYTES);
    expect(reconnectInMs(CLOSE_CODES.draining, drainReason(Number.MAX_SAFE_INTEGER))).toBe(600_000);
  });
});
