import type { ReactNode } from 'react';
import classes from './table.module.css';

interface Column {
  readonly label: string;
  /** As in CSS; what is left over when absent. */
  readonly width?: string;
  /** Left out where the screen is narrow; what it says stands elsewhere in the row then. Its cells carry `data-wide`. */
  readonly isWide?: true;
}

interface TableProps {
  readonly label: string;
  readonly columns: readonly Column[];
  /** What the last column is called, which holds the buttons; it has no heading that is seen. */
  readonly actions?: { readonly label: string; readonly width: string; readonly narrow?: string } | undefined;
  /** In pixels; narrower it scrolls, down to where columns are left out. */
  readonly minWidth?: number;
  readonly children: ReactNode;
}

/** A table that scrolls by itself where the screen is narrow. */
export function Table({ label, columns, actions, minWidth = 860, children }: TableProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keys (WCAG 2.1.1)
    <section className={classes.scroll} tabIndex={0} aria-label={label}>
      <table className={classes.table} style={{ '--table-min': `${minWidth}px` }} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.label}
                scope="col"
                data-wide={column.isWide}
                style={column.width === undefined ? {} : { width: column.width }}
              >
                {column.label}
              </th>
            ))}
            {actions ? (
              <th
                scope="col"
                className={classes.last}
                style={{ '--wide': actions.width, '--narrow': actions.narrow ?? actions.width }}
              >
                <span className="visually-hidden">{actions.label}</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
