import type { CaseRow } from '@meldesync/client';
import { useTranslations } from 'use-intl';
import { statusKind, statusReason } from '../facts/case-facts.ts';
import classes from './status-cell.module.css';
import { StatusIcon } from './status-icon.tsx';

/** How far the case has come: a sign, a word, and why in the tip. */
export function StatusCell({ row }: { row: CaseRow }) {
  const t = useTranslations('cases');
  const kind = statusKind(row);
  return (
    <span
      className={classes.status}
      data-kind={kind}
      data-tip={t(`statusReason.${statusReason(row)}`)}
      data-tip-on-focus
    >
      <span className={classes.icon}>
        <StatusIcon kind={kind} />
      </span>
      {t(`status.${kind}`)}
    </span>
  );
}
