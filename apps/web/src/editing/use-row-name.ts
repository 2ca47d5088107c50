import type { CaseRow } from '@meldesync/client';
import { useCallback } from 'react';
import { useTranslations } from 'use-intl';

/** How a case is called in labels and sentences. */
export function useRowName(): (row: Pick<CaseRow, 'caseId'>) => string {
  const t = useTranslations('cases');
  return useCallback(({ caseId }) => (caseId === null ? t('rowNameWithout') : t('rowName', { caseId })), [t]);
}
