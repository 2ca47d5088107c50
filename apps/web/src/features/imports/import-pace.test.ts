import { describe, expect, it } from 'vitest';
import { paceBetween } from './import-pace.ts';

describe('paceBetween', () => {
  it('gives rows a second and the time left', () => {
    const pace = paceBetween({ at: 0, rows: 0, progress: 0 }, { at: 2_000, rows: 5_000, progress: 0.25 });
    expect(pace).toEqual({ rowsPerSecond: 2_500, secondsLeft: 6 });
  });

  it('says nothing after too short a time', () => {
    expect(paceBetween({ at: 0, rows: 0, progress: 0 }, { at: 100, rows: 900, progress: 0.1 })).toBeNull();
  });

  it('does not guess the end while nothing moves', () => {
    expect(
      paceBetween({ at: 0, rows: 9, progress: 0.1 }, { at: 9_000, rows: 9, progress: 0.1 })?.secondsLeft,
    ).toBeNull();
  });
});
