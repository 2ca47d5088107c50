import type { CaseRow } from '@meldesync/client';
import { IconArrowForwardUp } from '@tabler/icons-react';
import { useLocale, useTranslations } from 'use-intl';
import { useRowName } from '../../../editing/use-row-name.ts';
import { ACTIVE_CELL_ID } from '../../../ui/landmarks.ts';
import { CaseIdCell } from '../cells/case-id-cell.tsx';
import { COLUMN_IDS, type ColumnId } from '../columns/column-ids.ts';
import classes from './case-grid.module.css';

interface MovedRowProps {
  readonly rowKey: string;
  /** As it was last. */
  readonly row: CaseRow;
  readonly movedTo: readonly CaseRow[];
  readonly line: number;
  readonly top: number;
  /** The column whose cell takes part in the tab order. */
  readonly tabColumn: ColumnId | null;
  readonly onCellFocus: (key: string, column: ColumnId) => void;
}

/**
 * Stands where a case stood whose records all went to others, until someone leaves it: says so, and has nothing that could
 * be edited, selected or opened, because that would be another case.
 */
export function MovedRow({ rowKey, row, movedTo, line, top, tabColumn, onCellFocus }: MovedRowProps) {
  return (
    <div
      role="row"
      data-line={line}
      data-moved
      aria-rowindex={line + 2}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      {COLUMN_IDS.map((column, index) => (
        <div
          key={column}
          role="gridcell"
          aria-colindex={index + 1}
          id={tabColumn === column ? ACTIVE_CELL_ID : undefined}
          tabIndex={tabColumn === column ? 0 : -1}
          data-col={column}
          className={classes.cell}
          onFocus={() => onCellFocus(rowKey, column)}
        >
          {column === 'caseId' ? (
            <span className={classes.moved}>
              <CaseIdCell row={row} />
              <IconArrowForwardUp size={14} aria-hidden="true" />
              <Where movedTo={movedTo} />
            </span>
          ) : null}
        </div>
      ))}
    </div>
  );
}

function Where({ movedTo }: Pick<MovedRowProps, 'movedTo'>) {
  const t = useTranslations('cases');
  const locale = useLocale();
  const rowName = useRowName();
  const names = movedTo.filter(({ caseId }) => caseId !== null).map(rowName);
  if (names.length === 0) return t('movedApart');
  return t('movedTo', { cases: new Intl.ListFormat(locale).format(names) });
}
