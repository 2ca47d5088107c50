import { expect, it } from 'vitest';
import { steadyJson } from './text.ts';

it('moments have one form, whatever they had before', () => {
  const moments = {
    at: '2026-01-22T10:00:00.123456Z',
    updatedAt: '2026-01-22T10:00:00Z',
    since: '2026-01-22T10:00:00.1Z',
    nested: [{ endsAt: '2026-01-22T10:00:00.120Z' }],
  };
  expect(JSON.parse(steadyJson(moments))).toEqual({
    at: '2026-01-22T10:00:00.123Z',
    updatedAt: '2026-01-22T10:00:00.000Z',
    since: '2026-01-22T10:00:00.100Z',
    nested: [{ endsAt: '2026-01-22T10:00:00.120Z' }],
  });
});

it('what is no moment stays as it is, also where it looks like one', () => {
  const others = { note: '2026-01-22T10:00:00.123456Z', updatedAt: 'infinity', at: null, leistungsdatum: '2026-01-22' };
  expect(JSON.parse(steadyJson(others))).toEqual(others);
});
