import type { CaseRow } from '@meldesync/client';
import type { HeldRows } from './held-rows.ts';
import { lineAt, type Section } from './sections.ts';

/** A heading that is drawn. */
export interface SectionLine {
  readonly kind: 'section';
  readonly line: number;
  readonly section: Section;
}

/** A row that is drawn: as it stands in the shown list, and as it is now. */
export interface RowLine {
  readonly kind: 'row';
  readonly line: number;
  /** In the shown list; the row may have another by now. */
  readonly key: string;
  readonly row: CaseRow;
  readonly now: CaseRow;
}

interface VisibleInput {
  readonly lines: readonly number[];
  readonly rows: readonly CaseRow[];
  readonly sections: readonly Section[];
  readonly held: HeldRows;
}

/** What stands in the lines that are drawn. A row whose records were deleted leaves its line empty. */
export function visibleLines({ lines, rows, sections, held }: VisibleInput): readonly (SectionLine | RowLine)[] {
  return lines.flatMap((line): readonly (SectionLine | RowLine)[] => {
    const entry = lineAt(line, sections);
    if ('section' in entry) return [{ kind: 'section', line, section: entry.section }];
    const row = rows[entry.row];
    const now = row && held.read(row);
    return row && now ? [{ kind: 'row', line, key: row.key, row, now }] : [];
  });
}

interface LineRange {
  readonly startIndex: number;
  readonly endIndex: number;
  readonly overscan: number;
  readonly count: number;
}

/** The lines to draw: those in view with some more around, and the focused one however far it is scrolled away. */
export function linesToDraw({ startIndex, endIndex, overscan, count }: LineRange, activeLine: number | null): number[] {
  const first = Math.max(0, startIndex - overscan);
  const last = Math.min(count - 1, endIndex + overscan);
  const lines = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  const isFar = activeLine !== null && activeLine < count && (activeLine < first || activeLine > last);
  return isFar ? [...lines, activeLine] : lines;
}
