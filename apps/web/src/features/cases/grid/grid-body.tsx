import type { Editing } from '../editors/editing.ts';
import { recordsOfRow } from '../facts/case-facts.ts';
import classes from './case-grid.module.css';
import { type GridActions, GridRow } from './grid-row.tsx';
import { lineUnder } from './grid-targets.ts';
import { MovedRow } from './moved-row.tsx';
import { SectionRow } from './section-row.tsx';
import type { CaseLines } from './use-case-lines.ts';

interface GridBodyProps {
  readonly lines: CaseLines;
  /** In pixels. */
  readonly rowHeight: number;
  readonly editing: Editing | null;
  /** Internal id of the record in the side panel. */
  readonly openRecord: number | null;
  /** A filter or a text is set, so that a row may belong here no more. */
  readonly isNarrowed: boolean;
  /** The line under the pointer. */
  readonly pointedLine: number | null;
  /** -1 beside the rows, null outside of them. */
  readonly onPoint: (line: number | null) => void;
  readonly actions: GridActions;
}

/** The rows and headings that are drawn, each at its place in the height of all. */
export function GridBody({
  lines: { list, focus, table, count, visible, shown },
  rowHeight,
  editing,
  openRecord,
  isNarrowed,
  pointedLine,
  onPoint,
  actions,
}: GridBodyProps) {
  const tableRows = new Map(table.getRowModel().rows.map((row) => [row.id, row]));
  const active = list.rows[focus.activeRow];
  // Before anything had the focus, or once that is gone, the tab key enters the grid at its first row.
  const isThere = active !== undefined && visible.some((entry) => entry.kind !== 'section' && entry.key === active.key);
  const tabStop = isThere && focus.active ? focus.active : { key: shown[0]?.key, column: 'caseId' as const };
  return (
    <div
      role="rowgroup"
      className={classes.body}
      style={{ height: count * rowHeight }}
      onPointerMove={({ target }) => onPoint(lineUnder(target))}
      onPointerLeave={() => onPoint(null)}
    >
      {visible.map((entry) => {
        const { line } = entry;
        const top = line * rowHeight;
        if (entry.kind === 'section') {
          return <SectionRow key={entry.section.name} section={entry.section} line={line} top={top} />;
        }
        const tabColumn = tabStop.key === entry.key ? tabStop.column : null;
        if (entry.kind === 'moved') {
          const { key, row, movedTo } = entry;
          return (
            <MovedRow
              key={key}
              rowKey={key}
              {...{ row, movedTo, line, top, tabColumn }}
              onCellFocus={actions.onCellFocus}
            />
          );
        }
        const { key, row, now } = entry;
        const tableRow = tableRows.get(key);
        return tableRow ? (
          <GridRow
            key={key}
            rowKey={key}
            row={now}
            tableRow={tableRow}
            line={line}
            top={top}
            tabColumn={tabColumn}
            editing={editing?.key === key ? editing : null}
            isOpen={openRecord !== null && recordsOfRow(now).some(({ id }) => id === openRecord)}
            isStale={isNarrowed && now !== row && !list.isListed(now)}
            isPointed={pointedLine === line}
            actions={actions}
          />
        ) : null;
      })}
    </div>
  );
}
