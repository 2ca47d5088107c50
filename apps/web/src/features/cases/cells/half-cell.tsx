import type { CaseRow, ClientRecord } from '@meldesync/client';
import { describeFieldValue } from '@meldesync/domain';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useLocale, useTranslations } from 'use-intl';
import { formatDayShort } from '../../../i18n/format.ts';
import { isWithoutSequencing } from '../facts/case-facts.ts';
import classes from './half-cell.module.css';

export function GenomicCell({ row }: { row: CaseRow }) {
  return <Half records={row.genomic} isNeeded={!isWithoutSequencing(row)} />;
}

export function ClinicalCell({ row }: { row: CaseRow }) {
  return <Half records={row.clinical} isNeeded />;
}

/** Date, data node and quality control of the newest record of one kind, and how many more there are. */
function Half({ records, isNeeded }: { records: readonly ClientRecord[]; isNeeded: boolean }) {
  const t = useTranslations('cases');
  const locale = useLocale();
  const [first, ...others] = records;
  if (!first?.mb) {
    return (
      <span className={classes.none}>
        <span aria-hidden="true">{t('empty')}</span>
        <span className="visually-hidden">{isNeeded ? t('missing') : t('notNeeded')}</span>
      </span>
    );
  }
  const { mb } = first;
  const isPassed = mb.qualitaetskontrolle === 1;
  const node = describeFieldValue('datenknotenId', mb.datenknotenId, locale);
  const qc = isPassed ? t('qcPassed') : t('qcFailed');
  const tip = [
    describeFieldValue('leistungsdatum', mb.leistungsdatum, locale),
    node,
    qc,
    ...(others.length > 0 ? [t('more', { count: others.length })] : []),
  ].join(' · ');
  return (
    <span className={classes.half} data-tip={tip} data-tip-on-focus>
      <span className={classes.date}>{formatDayShort(mb.leistungsdatum, locale)}</span>
      <span className={classes.node}>{mb.datenknotenId}</span>
      <span className={classes.qc} data-passed={isPassed}>
        <span aria-hidden="true" className={classes.qcLabel}>
          {t('qc')}
        </span>
        {isPassed ? <IconCheck size={14} stroke={2.5} /> : <IconX size={14} stroke={2.5} />}
        <span className="visually-hidden">{qc}</span>
      </span>
      {others.length > 0 ? <span className={classes.more}>+{others.length}</span> : null}
    </span>
  );
}
