import type { ConflictRow } from '@meldesync/client';
import { useCallback } from 'react';
import { useTranslations } from 'use-intl';
import { usePeople } from '../../people/use-people.tsx';

/** Tells the name of a field and says its values in words, people by name; null is `empty`. */
export function useFieldTexts() {
  const t = useTranslations('conflicts');
  const tEdit = useTranslations('edit');
  const people = usePeople();
  const nameOf = useCallback(
    (field: ConflictRow['field']): string => (field === 'ibe' ? t('ibe') : tEdit(field)),
    [t, tEdit],
  );
  const valueOf = useCallback(
    (field: ConflictRow['field'], value: ConflictRow['current']): string => {
      if (value === null) return t('empty');
      if (typeof value === 'boolean') return value ? tEdit('yes') : tEdit('no');
      return field === 'assignee' ? people.ofUser(value).name : value;
    },
    [people, t, tEdit],
  );
  return { nameOf, valueOf };
}
