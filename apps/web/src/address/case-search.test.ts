import { describe, expect, it } from 'vitest';
import { parseCaseSearch, sortOf, withFilter, withSort } from './case-search.ts';

describe('parseCaseSearch (R3.3)', () => {
  it('reads filter, sort, direction and the open record', () => {
    expect(parseCaseSearch({ filter: 'open', sort: 'latest', dir: 'desc', record: 42 })).toEqual({
      filter: 'open',
      sort: 'latest',
      dir: 'desc',
      record: 42,
    });
  });

  it('leaves out defaults and whatever it does not know', () => {
    expect(parseCaseSearch({ filter: 'all', sort: 'colour', dir: 'desc', record: 'F-10234' })).toEqual({});
    expect(parseCaseSearch({ filter: 'nonsense', record: -1 })).toEqual({});
    expect(parseCaseSearch({ sort: 'note', dir: 'asc' })).toEqual({ sort: 'note' });
  });

  it('carries no free text: it may be a case id', () => {
    expect(parseCaseSearch({ text: 'F-10234', q: 'F-10234' })).toEqual({});
  });
});

describe('withSort', () => {
  it('writes and reads any sort back, and keeps the rest', () => {
    const start = { filter: 'open', record: 7 } as const;
    for (const sort of [null, { column: 'note', direction: 'asc' }, { column: 'latest', direction: 'desc' }] as const) {
      const search = withSort(withSort(start, { column: 'typ', direction: 'desc' }), sort);
      expect(sortOf(search)).toEqual(sort);
      expect(search).toMatchObject(start);
    }
  });
});

describe('withFilter', () => {
  it('sets a filter, takes it back when chosen again, and keeps the sort', () => {
    const open = withFilter({ sort: 'note' }, 'open');
    expect(open).toEqual({ sort: 'note', filter: 'open' });
    expect(withFilter(open, 'open')).toEqual({ sort: 'note' });
    expect(withFilter(open, 'all')).toEqual({ sort: 'note' });
  });
});
