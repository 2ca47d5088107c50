import type { CaseRow } from '@meldesync/client';
import { useLocale, useTranslations } from 'use-intl';
import { formatExact, formatMoment } from '../../../i18n/format.ts';
import { MINUTE_MS, useClock } from '../../../i18n/use-clock.ts';
import { Avatar } from '../../../people/avatar.tsx';
import { usePeople } from '../../../people/use-people.tsx';
import { LockChip } from '../../locks/lock-chip.tsx';
import { useCaseLock } from '../../locks/use-case-lock.ts';
import classes from './cells.module.css';
import { useCellRecords } from './use-cell-records.ts';

/** Who is editing the case right now; else who changed it last, and when. */
export function LatestCell({ row }: { row: CaseRow }) {
  const found = useCaseLock(useCellRecords(row));
  return found ? <LockChip {...found} /> : <Latest row={row} />;
}

function Latest({ row }: { row: CaseRow }) {
  const t = useTranslations('cases');
  const locale = useLocale();
  const person = usePeople().ofActor(row.latest.by);
  const now = useClock(MINUTE_MS);
  const exact = formatExact(row.latest.at, locale);
  return (
    <span className={classes.person} data-tip={t('latestBy', { name: person.name, time: exact })} data-tip-on-focus>
      <Avatar person={person} />
      <span className={classes.secondary}>{formatMoment(row.latest.at, now, locale)}</span>
      <span className="visually-hidden">{person.name}</span>
    </span>
  );
}
