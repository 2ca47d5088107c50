import { type EditableField, type FieldValue, isOfKind } from '@meldesync/domain';
import { useCallback } from 'react';
import { useTranslations } from 'use-intl';
import { usePeople } from '../people/use-people.tsx';

/** Says the values of fields in words, people by name; `empty` stands for null. */
export function useFieldWords(): (
  field: EditableField,
  value: FieldValue<EditableField> | undefined,
  empty: string,
) => string {
  const t = useTranslations('edit');
  const people = usePeople();
  return useCallback(
    (field, value, empty) => {
      if (value === null || value === undefined) return empty;
      if (typeof value === 'boolean') return value ? t('yes') : t('no');
      return isOfKind(field, 'person') ? people.ofUser(value).name : value;
    },
    [people, t],
  );
}
