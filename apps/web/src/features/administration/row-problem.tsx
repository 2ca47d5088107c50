import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import classes from './table.module.css';

interface RowProblemProps {
  /** Columns of the table. */
  readonly columns: number;
  readonly text: ReactNode;
  /** Where the same can be done once more: what the button says, and does. */
  readonly redo?: { readonly label: string; readonly run: () => void } | undefined;
  readonly dismissLabel?: string | undefined;
  readonly onDismiss: () => void;
}

/** Why what was done in a row was refused, right below it. */
export function RowProblem({ columns, text, redo, dismissLabel, onDismiss }: RowProblemProps) {
  const t = useTranslations('administration.members');
  return (
    <tr>
      <td colSpan={columns} className={classes.note}>
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
