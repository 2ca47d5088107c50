import type { CaseRow } from '@meldesync/client';
import type { HeldRows } from './held-rows.ts';
import { lineAt, type Section } from './sections.ts';

/** A heading that is drawn. */
interface SectionLine {
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

/** A row that is drawn and stands for no case any more, because its records went to others. */
interface MovedLine {
  readonly kind: 'moved';
  readonly line: number;
  readonly key: string;
  readonly row: CaseRow;
  readonly movedTo: readonly CaseRow[];
}

export type VisibleLine = SectionLine | RowLine | MovedLine;

interface VisibleInput {
  readonly lines: readonly number[];
  readonly rows: readonly CaseRow[];
  readonly sections: readonly Section[];
  readonly held: HeldRows;
}

/** What stands in the lines that are drawn. A row whose records were deleted leaves its line empty. */
export function visibleLines({ lines, rows, sections, held }: VisibleInput): readonly VisibleLine[] {
  return lines.flatMap((line): readonly VisibleLine[] => {
    const entry = lineAt(line, sections);
    if ('section' in entry) return [{ kind: 'section', line, section: entry.section }];
    const row = rows[entry.row];
    if (!row) return [];
    const { key } = row;
    const now = held.read(row);
    if (now) return [{ kind: 'row', line, key, row, now }];
    const movedTo = held.movedTo(row);
    return movedTo.length > 0 ? [{ kind: 'moved', line, key, row, movedTo }] : [];
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
