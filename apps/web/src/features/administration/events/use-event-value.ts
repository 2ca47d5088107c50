import { role } from '@meldesync/protocol';
import { useLocale, useTranslations } from 'use-intl';
import { formatExact } from '../../../i18n/format.ts';
import { useValueName } from './use-event-texts.ts';

const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;

/** A value of an event in words. */
export function useEventValue(): (field: string, value: unknown) => string {
  const t = useTranslations('administration.events');
  const tAll = useTranslations('administration');
  const tShell = useTranslations('shell.roles');
  const nameOf = useValueName();
  const locale = useLocale();
  const wordOf = (field: string, value: unknown): string => {
    if (value === null) return field === 'expiresAt' || field === 'memberExpiresAt' ? tAll('unlimited') : t('nothing');
    if (typeof value === 'boolean') return value ? t('yes') : t('no');
    if (typeof value === 'number') return String(value);
    if (Array.isArray(value)) return value.map((one) => wordOf(field, one)).join(', ');
    if (typeof value !== 'string') return JSON.stringify(value) ?? t('nothing');
    const known = field === 'role' || field === 'maxRole' ? role.safeParse(value).data : undefined;
    if (known) return tShell(known);
    const word = nameOf(field, value);
    if (word !== null) return word;
    return MOMENT.test(value) ? formatExact(value, locale) : value;
  };
  return wordOf;
}
