import type { CaseRow } from '@meldesync/client';
import { descriptorOf, isRecordField } from '@meldesync/domain';
import { roleAllows } from '@meldesync/protocol';
import { IconFilterOff, IconPencil } from '@tabler/icons-react';
import { flexRender, type Row } from '@tanstack/react-table';
import { memo, useId } from 'react';
import { useTranslations } from 'use-intl';
import { useRowName } from '../../../editing/use-row-name.ts';
import { personColor } from '../../../people/person-color.ts';
import { useRole } from '../../../sync/use-connection.ts';
import { ACTIVE_CELL_ID } from '../../../ui/landmarks.ts';
import { LockSign } from '../../locks/lock-sign.tsx';
import { useCaseLock } from '../../locks/use-case-lock.ts';
import { useLockReason } from '../../locks/use-lock-reason.ts';
import { RowPeople } from '../../presence/row-people.tsx';
import { useCellRecords } from '../cells/use-cell-records.ts';
import { type features } from '../columns/case-columns.tsx';
import { type ColumnId, type EditedColumn, isEditedColumn, MARKED_FIELD } from '../columns/column-ids.ts';
import { CellEditor } from '../editors/cell-editor.tsx';
import type { Editing } from '../editors/editing.ts';
import { useIsSelected } from '../selection/selection-context.tsx';
import classes from './case-grid.module.css';
import { MarkBar } from './mark-bar.tsx';

/** What a row can ask of the grid. */
export interface GridActions {
  readonly onCellFocus: (key: string, column: ColumnId) => void;
  readonly onEdit: (key: string, row: CaseRow, column: EditedColumn) => void;
  readonly onEditEnd: (returnFocus: boolean) => void;
}

interface GridRowProps {
  /** Key in the shown list; the row's own may have changed since. */
  readonly rowKey: string;
  readonly row: CaseRow;
  readonly tableRow: Row<typeof features, CaseRow>;
  readonly line: number;
  readonly top: number;
  /** The column whose cell takes part in the tab order. */
  readonly tabColumn: ColumnId | null;
  readonly editing: Editing | null;
  readonly isOpen: boolean;
  readonly isStale: boolean;
  /** Whether the pointer is on it. */
  readonly isPointed: boolean;
  readonly actions: GridActions;
}

/** A case in the list. Drawn anew only when something about it changed, not for each step of scrolling. */
export const GridRow = memo(
  function GridRow({
    rowKey,
    row,
    tableRow,
    line,
    top,
    tabColumn,
    editing,
    isOpen,
    isStale,
    isPointed,
    actions,
  }: GridRowProps) {
    const mayEdit = roleAllows(useRole(), 'editor');
    const isSelected = useIsSelected(row.key);
    const records = useCellRecords(row);
    const found = useCaseLock(records);
    const lockReason = useLockReason(records);
    const lockReasonId = useId();
    return (
      <div
        role="row"
        data-line={line}
        aria-rowindex={line + 2}
        aria-current={isOpen || undefined}
        aria-selected={isSelected}
        data-stale={isStale || undefined}
        data-editing={editing ? true : undefined}
        data-locked={lockReason === null ? undefined : true}
        className={classes.row}
        style={{
          transform: `translateY(${top}px)`,
          ...(found && lockReason !== null ? { '--person': personColor(found.lock.user) } : {}),
        }}
      >
        {tableRow.getAllCells().map((cell, index) => {
          const column = cell.column.id as ColumnId;
          const isTabStop = tabColumn === column;
          const field = MARKED_FIELD[column];
          const isLocked = lockReason !== null && (isEditedColumn(column) || column === 'done');
          return (
            <div
              key={column}
              role="gridcell"
              aria-colindex={index + 1}
              id={isTabStop ? ACTIVE_CELL_ID : undefined}
              tabIndex={isTabStop ? 0 : -1}
              data-col={column}
              data-kind={isRecordField(column) ? descriptorOf(column).kind : undefined}
              data-tip={isLocked ? lockReason : undefined}
              aria-disabled={(isLocked && column !== 'caseId') || undefined}
              // oxlint-disable-next-line jsx-a11y/role-supports-aria-props -- WAI-ARIA 1.2 gives it to cells of a grid
              aria-readonly={(isLocked && column === 'caseId') || undefined}
              aria-describedby={isLocked ? lockReasonId : undefined}
              className={classes.cell}
              onFocus={() => actions.onCellFocus(rowKey, column)}
            >
              {column === 'caseId' ? <LockSign records={records} /> : null}
              {flexRender(cell.column.columnDef.cell, cell.getContext())}
              {column === 'caseId' ? <RowPeople records={records} /> : null}
              {isStale && column === 'caseId' ? <StaleSign /> : null}
              {isPointed && mayEdit && !isLocked && isEditedColumn(column) ? (
                <EditButton column={column} row={row} onClick={() => actions.onEdit(rowKey, row, column)} />
              ) : null}
              {editing?.column === column ? <CellEditor editing={editing} onEnd={actions.onEditEnd} /> : null}
              {field ? <MarkBar row={row} column={column} field={field} /> : null}
            </div>
          );
        })}
        {lockReason === null ? null : (
          <span id={lockReasonId} hidden>
            {lockReason}
          </span>
        )}
      </div>
    );
  },
  (before, after) =>
    before.row === after.row &&
    before.line === after.line &&
    before.top === after.top &&
    before.tabColumn === after.tabColumn &&
    before.editing === after.editing &&
    before.isOpen === after.isOpen &&
    before.isStale === after.isStale &&
    before.isPointed === after.isPointed &&
    before.rowKey === after.rowKey,
);

/** That the case does not match the filter any more. */
function StaleSign() {
  const t = useTranslations('cases');
  return (
    <span className={classes.stale} data-tip={t('staleReason')}>
      <IconFilterOff size={14} />
      <span className="visually-hidden">{t('staleReason')}</span>
    </span>
  );
}

interface EditButtonProps {
  readonly column: EditedColumn;
  readonly row: CaseRow;
  readonly onClick: () => void;
}

/** For the mouse; with the keyboard it is `E`. */
function EditButton({ column, row, onClick }: EditButtonProps) {
  const t = useTranslations('edit');
  const rowName = useRowName();
  const label = t(`editField.${column}`, { row: rowName(row) });
  return (
    <button type="button" tabIndex={-1} className={classes.edit} aria-label={label} onClick={onClick}>
      <IconPencil size={14} />
    </button>
  );
}
