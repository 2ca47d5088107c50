import type { CaseRow } from '@meldesync/client';
import type { FieldOf } from '@meldesync/domain';
import { useTranslations } from 'use-intl';
import { useIsPending } from '../../../editing/use-pending.ts';
import { Avatar } from '../../../people/avatar.tsx';
import { usePeople } from '../../../people/use-people.tsx';
import classes from './cells.module.css';
import { useCellRecords } from './use-cell-records.ts';

/** A person of the case; both when the halves have different people. */
export function PersonCell({ row, field }: { row: CaseRow; field: FieldOf<'person'> }) {
  const t = useTranslations('cases');
  const people = usePeople();
  const records = useCellRecords(row);
  const isPending = useIsPending(records, field);
  const ids = [...new Set(records.map((record) => record[field]).filter((id) => id !== null))];
  if (ids.length === 0) {
    return (
      <span className={classes.empty} data-pending={isPending || undefined}>
        <span aria-hidden="true">{t('empty')}</span>
        <span className="visually-hidden">{t('none')}</span>
      </span>
    );
  }
  const chosen = ids.map((id) => ({ id, ...people.ofUser(id) }));
  return (
    <span
      className={classes.person}
      data-pending={isPending || undefined}
      data-tip={chosen.map(({ name }) => name).join(', ')}
    >
      {chosen.map((person) => (
        <Avatar key={person.id} person={person} />
      ))}
      <span className={classes.personName}>{chosen.map(({ name }) => name).join(', ')}</span>
    </span>
  );
}
