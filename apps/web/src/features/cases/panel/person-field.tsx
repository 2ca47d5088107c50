import { Select } from '@mantine/core';
import type { FieldOf } from '@meldesync/domain';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { NamedCase } from '../../../editing/named-case.ts';
import { useEdit } from '../../../editing/use-edit.tsx';
import { useIsPending } from '../../../editing/use-pending.ts';
import { useAssignable } from '../../../people/use-people.tsx';
import { useSync } from '../../../sync/sync-context.tsx';
import { useEditorLock } from '../../locks/use-editor-lock.ts';
import classes from './case-panel.module.css';
import type { PanelFieldProps } from './panel-field.ts';

/** One of the people who may work on it, or nobody. */
export function PersonField({ field, record, half, mayEdit, subject, lockReason }: PanelFieldProps<FieldOf<'person'>>) {
  const t = useTranslations('edit');
  const { user } = useSync();
  const save = useEdit();
  const records = useMemo(() => [record], [record]);
  const isPending = useIsPending(records, field);
  const [isChoosing, setChoosing] = useState(false);
  const person = record[field];
  const choices = useAssignable(person).map(({ id, name }) => ({
    value: id,
    label: id === user.id ? t('me', { name }) : name,
  }));
  return (
    <>
      <Select
        size="xs"
        label={t(field)}
        aria-label={`${t(field)}, ${half}`}
        data={choices}
        value={person}
        onChange={(chosen) => save([record], { [field]: chosen })}
        placeholder={t('nobody')}
        disabled={!mayEdit}
        readOnly={lockReason !== null}
        className={lockReason === null ? '' : (classes.lockedField ?? '')}
        aria-disabled={lockReason !== null || undefined}
        description={lockReason}
        descriptionProps={{ className: 'visually-hidden' }}
        dropdownOpened={isChoosing}
        onDropdownOpen={() => setChoosing(true)}
        onDropdownClose={() => setChoosing(false)}
        onKeyDown={(event) => {
          // It closes the list; the panel stays.
          if (event.key === 'Escape' && isChoosing) event.preventDefault();
        }}
        aria-busy={isPending}
        searchable
        clearable={lockReason === null}
        nothingFoundMessage={t('noPeople')}
        clearButtonProps={{ 'aria-label': t('nobody') }}
      />
      {isChoosing ? <ChoiceLock subject={subject} onRefused={() => setChoosing(false)} /> : null}
    </>
  );
}

/** Holds the lock of the case while the list of people is open. */
function ChoiceLock({ subject, onRefused }: { subject: NamedCase; onRefused: () => void }) {
  useEditorLock({ subject, typed: undefined, onRefused });
  return null;
}
