import { describe, expect, it } from 'vitest';
import { connectionsByTier } from './connections-by-tier.ts';
import { processHealth } from './process-health.ts';
import { formatBytes, formatDelay, formatRate, formatReason } from './quantities.ts';
import { serviceCertificates } from './service-certificates.ts';

describe('processHealth', () => {
  const at = '2026-11-29T10:00:30.000Z';
  const well = { seenAt: '2026-11-29T10:00:29.000Z', usable: true, live: true };

  it.each([
    ['live', well],
    ['stale', { ...well, live: false }],
    ['unusable', { ...well, usable: false, live: false }],
    ['standby', { ...well, live: false, role: 'standby' as const }],
    ['unusable', { ...well, usable: false, live: false, role: 'standby' as const }],
    ['silent', { ...well, seenAt: '2026-11-29T10:00:10.000Z' }],
  ])('%s', (state, process) => expect(processHealth(process, at).state).toBe(state));
});

it('connections of all nodes are added up, quickest first, those at once also where there are none', () => {
  const nodes = [
    { connections: [{ tier: 1_000, count: 2 }] },
    {
      connections: [
        { tier: 0, count: 0 },
        { tier: 1_000, count: 1 },
        { tier: 250, count: 0 },
      ],
    },
    {},
  ];
  expect(connectionsByTier(nodes)).toEqual([
    { tier: 0, count: 0 },
    { tier: 1_000, count: 3 },
  ]);
});

it('certificates count for all nodes: of each source what is over first, unread only where no node could read it', () => {
  const at = '2026-11-29T10:00:00Z';
  const served = (endsAt: string | null) => ({ source: 'served' as const, endsAt });
  const certificates = (...each: (string | null)[]) =>
    serviceCertificates([...each.map((endsAt) => ({ certificates: [served(endsAt)] })), {}], at);
  expect(certificates('2027-03-01T10:00:00Z', '2026-12-19T10:00:00Z', null)).toEqual([
    { source: 'served', state: 'soon', days: 20, endsAt: '2026-12-19T10:00:00Z' },
  ]);
  expect(certificates(null, null)).toEqual([{ source: 'served', state: 'unread', days: null, endsAt: null }]);
  expect(certificates()).toEqual([]);
});

describe('formatBytes', () => {
  it('picks the unit and the decimal mark of the language', () => {
    expect(formatBytes(812, 'de')).toBe('812 B');
    expect(formatBytes(4_210, 'de')).toBe('4,2 kB');
    expect(formatBytes(12_000_000, 'en')).toBe('12 MB');
  });
});

it('quantities have the unit that suits them', () => {
  expect([3.21, 99.6, 1_440, 300_000].map((ms) => formatDelay(ms, 'de'))).toEqual([
    '3,2 ms',
    '100 ms',
    '1,4 s',
    '5 min',
  ]);
  expect([0.25, 1_284.4].map((value) => formatRate(value, 'de'))).toEqual(['0,3', '1.284']);
  expect(formatReason({ cause: 'errors' }, 0.125, 'en')).toBe('12.5%');
  expect(formatReason({ cause: 'feed-lag', unit: 'By' }, 8_000_000, 'de')).toBe('8 MB');
  expect(formatReason({ cause: 'pool', unit: '1' }, 14, 'de')).toBe('14');
});
