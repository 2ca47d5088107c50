import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import classes from './table.module.css';

/** As in `table.module.css`. */
const NARROW = '(max-width: 760px)';

interface RowProblemProps {
  /** Columns of the table, and those that are left where the screen is narrow. */
  readonly columns: { readonly wide: number; readonly narrow: number };
  readonly text: ReactNode;
  /** Where the same can be done once more: what the button says, and does. */
  readonly redo?: { readonly label: string; readonly run: () => void } | undefined;
  readonly dismissLabel?: string | undefined;
  readonly onDismiss: () => void;
}

/** Why what was done in a row was refused, right below it. */
export function RowProblem({ columns, text, redo, dismissLabel, onDismiss }: RowProblemProps) {
  const t = useTranslations('administration.members');
  const isNarrow = useMediaQuery(NARROW);
  return (
    <tr>
      <td colSpan={isNarrow ? columns.narrow : columns.wide} className={classes.note}>
        <div role="alert" className={classes.problem} data-tone={redo ? 'warn' : undefined}>
          <p>{text}</p>
          {redo ? (
            <Button variant="default" onClick={redo.run}>
              {redo.label}
            </Button>
          ) : null}
          <Button variant="default" onClick={onDismiss}>
            {dismissLabel ?? t('dismiss')}
          </Button>
        </div>
      </td>
    </tr>
  );
}
