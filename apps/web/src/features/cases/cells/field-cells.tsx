import type { CaseRow } from '@meldesync/client';
import { describeFieldValue } from '@meldesync/domain';
import { useLocale, useTranslations } from 'use-intl';
import classes from './cells.module.css';

/** Indikationsbereich in a short word; the full one and its code in the tip. */
export function IndikationCell({ row }: { row: CaseRow }) {
  const t = useTranslations('cases');
  const locale = useLocale();
  const mb = (row.genomic[0] ?? row.clinical[0])?.mb;
  if (!mb) return <Missing />;
  const full = describeFieldValue('indikation', mb.indikation, locale);
  return (
    <span className={classes.text} data-tip={`${full} (${mb.indikation})`} data-tip-on-focus>
      {t(`indikation.${mb.indikation}`)}
    </span>
  );
}

/** Keys of `cases.typ`: words short enough for the column. */
const TYP_WORDS = { 0: 'initial', 1: 'followUp', 2: 'supplement', 3: 'correction', 9: 'test' } as const;

/** Typ der Meldung; both halves when they differ. */
export function TypCell({ row }: { row: CaseRow }) {
  const t = useTranslations('cases');
  const locale = useLocale();
  const genomic = row.genomic[0]?.mb;
  const clinical = row.clinical[0]?.mb;
  const types = [...new Set([genomic?.typ, clinical?.typ].filter((typ) => typ !== undefined))];
  if (types.length === 0) return <Missing />;
  const words = types.map((typ) => t(`typ.${TYP_WORDS[typ]}`));
  const halves = [
    ...(genomic ? [`G: ${describeFieldValue('typ', genomic.typ, locale)} (${genomic.typ})`] : []),
    ...(clinical ? [`C: ${describeFieldValue('typ', clinical.typ, locale)} (${clinical.typ})`] : []),
  ];
  return (
    <span className={classes.text} data-tip={halves.join(' · ')} data-tip-on-focus>
      {words.join(' / ')}
    </span>
  );
}

/** Stands where there is nothing to read. */
function Missing() {
  const t = useTranslations('cases');
  return <span className={classes.empty}>{t('empty')}</span>;
}
