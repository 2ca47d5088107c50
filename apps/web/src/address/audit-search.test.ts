import { AUDIT_KINDS, auditFilter } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { auditFilterOf, kindsOf, parseAuditSearch, withoutFilters, withTime, withToggled } from './audit-search.ts';

const NOTHING = { caseId: '', text: '' };

describe('the address of Protokoll', () => {
  it('is read as far as it is known', () => {
    const search = {
      view: 'conflicts',
      from: '2026-11-01',
      to: '2026-11-30',
      actors: ['user:anna', 'user:anna', '', 7],
      groups: ['lock', 'nonsense'],
      kinds: ['lock-taken', 'Not A Kind'],
      record: '12',
      entry: 'change:7',
    };
    expect(parseAuditSearch(search)).toEqual({
      view: 'conflicts',
      from: '2026-11-01',
      to: '2026-11-30',
      actors: ['user:anna'],
      groups: ['lock'],
      kinds: ['lock-taken'],
      record: 12,
      entry: 'change:7',
    });
    expect(
      parseAuditSearch({ range: 'forever', from: '1.1.2026', actors: 'anna', record: 'F-1', entry: 'x', case: 'F-1' }),
    ).toEqual({});
  });

  it('days go before a span that ends now', () => {
    expect(parseAuditSearch({ range: '7d', from: '2026-11-01' })).toEqual({ from: '2026-11-01' });
    expect(withTime({ range: '7d', record: 1 }, { to: '2026-11-01' })).toEqual({ to: '2026-11-01', record: 1 });
  });

  it('what is in a list already is taken out, and an empty list is none', () => {
    const once = withToggled({}, 'groups', 'lock');
    expect(once).toEqual({ groups: ['lock'] });
    expect(withToggled(once, 'groups', 'lock')).toEqual({});
    expect(withoutFilters({ view: 'conflicts', record: 1, range: 'today' })).toEqual({ view: 'conflicts' });
  });
});

describe('the filter', () => {
  it('has days of this clock, the last one included', () => {
    const { from = '', to = '' } = auditFilterOf({ from: '2026-11-29', to: '2026-11-30' }, NOTHING, '2026-11-30');
    expect(new Date(from)).toEqual(new Date(2026, 10, 29));
    expect(new Date(to)).toEqual(new Date(2026, 11, 1));
    const week = auditFilterOf({ range: '7d' }, NOTHING, '2026-03-02');
    expect(new Date(week.from ?? '')).toEqual(new Date(2026, 1, 24));
    expect(week.to).toBeUndefined();
  });

  it('takes groups beside single kinds as the kinds in them, since each must hold', () => {
    expect(auditFilterOf({ groups: ['lock'] }, NOTHING, '2026-11-30')).toEqual({ groups: ['lock'] });
    const both = auditFilterOf({ groups: ['lock'], kinds: ['sign-in'] }, NOTHING, '2026-11-30');
    expect(both).toEqual({ kinds: [...kindsOf(['lock']), 'sign-in'] });
    expect(kindsOf(['lock'])).toContain('lock-taken');
  });

  it('is one that the service takes, also with every group and kind', () => {
    const all = { groups: ['record', 'lock'], kinds: [...AUDIT_KINDS] } as const;
    expect(auditFilter.safeParse(auditFilterOf(all, { caseId: 'F-1', text: 'x' }, '2026-11-30')).success).toBe(true);
    expect(auditFilterOf({ record: 4 }, { caseId: 'F-1', text: 'GRZ' }, '2026-11-30')).toEqual({
      record: 4,
      case: 'F-1',
      text: 'GRZ',
    });
  });
});
