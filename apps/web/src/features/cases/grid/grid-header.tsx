import type { CaseRow } from '@meldesync/client';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import type { ColumnId } from '../columns/column-ids.ts';
import type { CaseTable } from '../columns/use-case-table.ts';
import { SelectAll } from '../selection/select-all.tsx';
import classes from './case-grid.module.css';

const ARIA_SORT = { asc: 'ascending', desc: 'descending' } as const;

interface GridHeaderProps {
  readonly table: CaseTable;
  /** Reads the rows that are shown, in view or not, as they are now. */
  readonly readShown: () => readonly CaseRow[];
}

/** Column headings; each sorts ascending, descending, then back to the working order. */
export function GridHeader({ table, readShown }: GridHeaderProps) {
  const t = useTranslations('cases');
  return (
    <div role="rowgroup" className={classes.head}>
      {table.getHeaderGroups().map((group) => (
        <div key={group.id} role="row" aria-rowindex={1} className={classes.headRow}>
          {group.headers.map(({ id, column }, index) => {
            const name = t(`columns.${id as ColumnId}`);
            const isSelect = id === 'select';
            const sorted = column.getIsSorted();
            return (
              <div
                key={id}
                role="columnheader"
                aria-colindex={index + 1}
                aria-sort={sorted ? ARIA_SORT[sorted] : undefined}
                data-col={id}
                className={classes.headCell}
              >
                {isSelect ? <SelectAll readShown={readShown} /> : null}
                {isSelect ? null : column.getCanSort() ? (
                  <button
                    type="button"
                    className={classes.sort}
                    title={t('sortBy', { column: name })}
                    onClick={column.getToggleSortingHandler()}
                  >
                    <span>{name}</span>
                    {sorted === 'asc' ? <IconArrowUp size={13} aria-hidden="true" /> : null}
                    {sorted === 'desc' ? <IconArrowDown size={13} aria-hidden="true" /> : null}
                  </button>
                ) : (
                  <span>{name}</span>
                )}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}
