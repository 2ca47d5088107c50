import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import classes from './bulk-bar.module.css';

interface BulkReportProps {
  /** Cases that were as wanted already. */
  readonly already: number;
  /** Cases by the reason why they were refused. */
  readonly refused: ReadonlyMap<string, number>;
  /** Cases where somebody was first. */
  readonly conflicts: number;
  /** What can be done about it. */
  readonly children: ReactNode;
}

/** What became of the cases that are not as wanted now, with the reasons. Stands in a message, outside of the workspace. */
export function BulkReport({ already, refused, conflicts, children }: BulkReportProps) {
  const t = useTranslations('selection');
  return (
    <div className={classes.report}>
      {already > 0 ? <p>{t('already', { count: already })}</p> : null}
      {[...refused].map(([reason, count]) => (
        <p key={reason}>{t('refused', { count, reason })}</p>
      ))}
      {conflicts > 0 ? <p>{t('conflicts', { count: conflicts })}</p> : null}
      {children}
    </div>
  );
}
