import type { CaseRow } from '@meldesync/client';
import { describe, expect, it } from 'vitest';
import { lineAt, lineCount, lineOfRow, sectionsOf } from './sections.ts';

type Kind = 'ready' | 'incomplete' | 'done' | 'without-case';

function row(kind: Kind, index: number): CaseRow {
  return {
    key: `${kind}-${index}`,
    caseId: kind === 'without-case' ? null : `F-${index}`,
    genomic: [],
    clinical: [],
    unreadable: [],
    status: {
      completeness: kind === 'ready' || kind === 'done' ? 'complete' : 'clinical-only',
      valid: false,
      done: kind === 'done',
      mayBeDone: false,
    },
    latest: { at: '', by: '' },
  };
}

const rows = (...kinds: Kind[]): CaseRow[] => kinds.map(row);

describe('sectionsOf', () => {
  it('finds the groups of the working order, the records without a case id last', () => {
    const list = rows('ready', 'ready', 'incomplete', 'done', 'without-case', 'without-case');
    expect(sectionsOf(list, null)).toEqual([
      { name: 'ready', start: 0, count: 2 },
      { name: 'incomplete', start: 2, count: 1 },
      { name: 'done', start: 3, count: 1 },
      { name: 'without-case', start: 4, count: 2 },
    ]);
  });

  it('leaves out groups without rows', () => {
    expect(sectionsOf(rows('done'), null)).toEqual([{ name: 'done', start: 0, count: 1 }]);
    expect(sectionsOf([], null)).toEqual([]);
  });

  it('sorted by a column only heads the records without a case id', () => {
    const list = rows('done', 'ready', 'incomplete', 'without-case');
    expect(sectionsOf(list, { column: 'note', direction: 'asc' })).toEqual([
      { name: 'without-case', start: 3, count: 1 },
    ]);
  });
});

describe('lines', () => {
  const list = rows('ready', 'ready', 'incomplete', 'without-case');
  const sections = sectionsOf(list, null);

  it('put a heading before the first row of each section', () => {
    const lines = Array.from({ length: lineCount(list.length, sections) }, (_, line) => {
      const entry = lineAt(line, sections);
      return 'row' in entry ? entry.row : entry.section.name;
    });
    expect(lines).toEqual(['ready', 0, 1, 'incomplete', 2, 'without-case', 3]);
  });

  it('lead from each row to its line and back', () => {
    for (const index of list.keys()) expect(lineAt(lineOfRow(index, sections), sections)).toEqual({ row: index });
  });
});
