import { useCallback } from 'react';
import { useTranslations } from 'use-intl';
import { showMessage } from './messages.tsx';

/** Says that the code of a part of the page cannot be had now. */
export function useTellPartFailed(): (error: unknown) => void {
  const t = useTranslations('shell');
  return useCallback(
    (error) => {
      console.warn('A part of the page cannot be loaded:', error);
      const message = navigator.onLine ? t('partFailed') : t('partFailedOffline');
      showMessage({ id: 'part-failed', color: 'red', title: t('partFailedTitle'), message });
    },
    [t],
  );
}
