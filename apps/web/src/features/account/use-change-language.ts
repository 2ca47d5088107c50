import type { Language } from '@meldesync/domain';
import { useTranslations } from 'use-intl';
import { changeLanguage } from '../../i18n/provider.tsx';
import { showMessage } from '../../ui/messages.tsx';

/** Switches the language; says so when its texts cannot be loaded. */
export function useChangeLanguage(): (language: Language) => void {
  const t = useTranslations('account');
  return (language) => {
    changeLanguage(language).catch(() => {
      // The language stays as it is.
      showMessage({ color: 'red', message: t('languageFailed') });
    });
  };
}
