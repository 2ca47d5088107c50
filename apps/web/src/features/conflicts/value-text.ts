import type { ConflictRow } from '@meldesync/client';
import { isEditable } from '@meldesync/domain';
import { useCallback } from 'react';
import { useTranslations } from 'use-intl';
import { useFieldWords } from '../../editing/use-field-words.ts';

/** Tells the name of a field and says its values in words, people by name; null is `empty`. */
export function useFieldTexts() {
  const t = useTranslations('conflicts');
  const tEdit = useTranslations('edit');
  const inWords = useFieldWords();
  const nameOf = useCallback(
    (field: ConflictRow['field']): string => (isEditable(field) ? tEdit(field) : t(field)),
    [t, tEdit],
  );
  const valueOf = useCallback(
    (field: ConflictRow['field'], value: ConflictRow['current']): string =>
      isEditable(field) ? inWords(field, value, t('empty')) : String(value ?? t('empty')),
    [inWords, t],
  );
  return { nameOf, valueOf };
}
