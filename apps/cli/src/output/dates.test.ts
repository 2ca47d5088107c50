import { describe, expect, it } from 'vitest';
import { createDateTexts } from './dates.ts';

const german = createDateTexts('de', 'Europe/Berlin');
const english = createDateTexts('en', 'Europe/Berlin');
const at = '2025-05-12T08:42:07.123456Z';

describe('times', () => {
  it('follow the language', () => {
    expect(german.full(at)).toBe('12.05.2025, 10:42:07');
    expect(english.full(at)).toBe('12/05/2025, 10:42:07');
    expect(german.clock(at)).toBe('10:42:07');
  });

  it('write what is no moment as it came', () => {
    for (const text of [german.full, german.short, german.clock]) expect(text('infinity')).toBe('infinity');
  });

  it('leave today out', () => {
    expect(german.short(at, new Date('2025-05-12T21:00:00Z'))).toBe('10:42');
    expect(german.short(at, new Date('2025-05-12T22:30:00Z'))).toBe('12.05.25, 10:42');
  });

  it('write a day without shifting it', () => {
    expect(createDateTexts('de', 'America/Los_Angeles').day('2024-07-01')).toBe('01.07.24');
  });
});
