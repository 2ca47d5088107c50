import { describeEventValue } from '@meldesync/client';
import { useLocale, useTranslations } from 'use-intl';
import { formatExact } from '../../../i18n/format.ts';

/** Says a value of an event in words. */
export function useEventValue(): (field: string, value: unknown) => string {
  const t = useTranslations('administration.events');
  const tAll = useTranslations('administration');
  const tShell = useTranslations('shell.roles');
  const language = useLocale();
  const texts = {
    language,
    yes: t('yes'),
    no: t('no'),
    nothing: t('nothing'),
    unlimited: tAll('unlimited'),
    role: tShell,
    moment: (at: string) => formatExact(at, language),
  };
  return (field, value) => describeEventValue(field, value, texts);
}
