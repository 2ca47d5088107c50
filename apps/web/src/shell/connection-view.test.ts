import { describe, expect, it } from 'vitest';
import { isAgeTold, viewConnection } from './connection-view.ts';

describe('viewConnection', () => {
  const reconnecting = { name: 'reconnecting', attempt: 2, retryAt: 14_200, since: 1_000 } as const;

  it('counts the seconds until the next attempt (R4.1)', () => {
    expect(viewConnection(reconnecting, 10_000)).toEqual({ kind: 'reconnecting', seconds: 5, since: 1_000 });
    expect(viewConnection(reconnecting, 20_000)).toMatchObject({ seconds: 0 });
  });

  it('says offline when the browser has no network (R4.4)', () => {
    expect(viewConnection({ name: 'offline', since: 1_000 }, 10_000)).toEqual({ kind: 'offline', since: 1_000 });
  });

  it('says whether a try is under way while the page is kept current by hand (R4.3)', () => {
    const manual = { name: 'manual', attempt: 7, retryAt: 14_200, since: 1_000 } as const;
    expect(viewConnection(manual, 10_000)).toEqual({ kind: 'manual', isTrying: false, isConnected: false });
    expect(viewConnection(manual, 14_200)).toEqual({ kind: 'manual', isTrying: true, isConnected: false });
    // Of a node that hears nothing no try is under way.
    expect(viewConnection({ ...manual, isConnected: true }, 14_200)).toEqual({
      kind: 'manual',
      isTrying: false,
      isConnected: true,
    });
  });

  it('says how far apart changes come over a slow connection (R4.5)', () => {
    expect(viewConnection({ name: 'live', roundTripMs: 12 }, 0)).toEqual({ kind: 'live', roundTripMs: 12 });
    expect(viewConnection({ name: 'live', roundTripMs: 900, everyMs: 1_000 }, 0)).toEqual({
      kind: 'slow',
      everyMs: 1_000,
    });
  });

  it('knows the share of a snapshot once its size is known', () => {
    expect(viewConnection({ name: 'loading', loaded: 50, total: 200 }, 0)).toEqual({
      kind: 'loading',
      share: 0.25,
    });
    expect(viewConnection({ name: 'loading', loaded: 0, total: null }, 0)).toEqual({
      kind: 'loading',
      share: null,
    });
  });
});

describe('isAgeTold', () => {
  const NOW = 1_000_000;

  it('leaves a short interruption of current data alone, and tells of a long one', () => {
    expect(isAgeTold(NOW - 2_000, NOW - 5_000, NOW)).toBe(false);
    expect(isAgeTold(NOW - 10_000, NOW - 10_000, NOW)).toBe(true);
    expect(isAgeTold(NOW - 10_000, null, NOW)).toBe(true);
    expect(isAgeTold(NOW - 9_999, null, NOW)).toBe(false);
  });

  it('R4.3 tells at once of data that are older than the interruption', () => {
    expect(isAgeTold(NOW, NOW - 60_000, NOW)).toBe(true);
  });
});
