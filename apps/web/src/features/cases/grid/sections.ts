import type { CaseQuery, CaseRow } from '@meldesync/client';
import { workingOrderGroup } from '@meldesync/domain';

/** A group of rows with a heading of its own; its text is in `cases.groups`. */
type SectionName = 'ready' | 'incomplete' | 'done' | 'without-case';

/** Where a section begins: `start` is the index of its first row. */
export interface Section {
  readonly name: SectionName;
  readonly start: number;
  readonly count: number;
}

const IN_WORKING_ORDER: readonly SectionName[] = ['ready', 'incomplete', 'done', 'without-case'];

/**
 * The sections of sorted rows. In the working order these are its groups; sorted by a column only the records without
 * a case id stand apart, at the end. Rows come in order, so each border is found by halving.
 */
export function sectionsOf(rows: readonly CaseRow[], sort: CaseQuery['sort']): readonly Section[] {
  const rank = sort === null ? workingRank : (row: CaseRow): number => (row.caseId === null ? 3 : -1);
  const starts = IN_WORKING_ORDER.map((_, index) => firstWith(rows, (row) => rank(row) >= index));
  return IN_WORKING_ORDER.flatMap((name, index) => {
    const start = starts[index] ?? rows.length;
    const count = (starts[index + 1] ?? rows.length) - start;
    const isHeaded = sort === null || name === 'without-case';
    return count > 0 && isHeaded ? [{ name, start, count }] : [];
  });
}

function workingRank(row: CaseRow): number {
  return row.caseId === null ? 3 : workingOrderGroup(row.status);
}

function firstWith(rows: readonly CaseRow[], isAfter: (row: CaseRow) => boolean): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row && isAfter(row)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A line of the list: a heading or the row with this index. */
export type Line = { readonly section: Section } | { readonly row: number };

/** How many lines rows and headings make. */
export function lineCount(rowCount: number, sections: readonly Section[]): number {
  return rowCount + sections.length;
}

/** What stands in a line. */
export function lineAt(line: number, sections: readonly Section[]): Line {
  let headings = 0;
  for (const section of sections) {
    const headingLine = section.start + headings;
    if (line === headingLine) return { section };
    if (line < headingLine) break;
    headings++;
  }
  return { row: line - headings };
}

/** The line a row stands in. */
export function lineOfRow(row: number, sections: readonly Section[]): number {
  return row + sections.filter(({ start }) => start <= row).length;
}
