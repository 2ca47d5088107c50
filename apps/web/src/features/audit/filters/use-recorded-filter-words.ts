import { AUDIT_GROUPS, auditGroupName, auditKindName } from '@meldesync/protocol';
import { useCallback } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { formatMinute } from '../../../i18n/format.ts';
import { useActorName } from './use-actor-name.ts';

/**
 * Says by what somebody narrowed the trail when they read it, as it is on record: that a case or a text was looked for, and not which.
 */
export function useRecordedFilterWords(): (filter: Readonly<Record<string, unknown>>) => string {
  const t = useTranslations('audit.filters');
  const tEntry = useTranslations('audit.entry');
  const locale = useLocale();
  const actorName = useActorName();
  return useCallback(
    (filter) => {
      const listed = (name: string): string[] => {
        const list: unknown = filter[name];
        return Array.isArray(list) ? list.map(String) : [];
      };
      const moment = (name: 'from' | 'to'): string[] => {
        const at = filter[name];
        return typeof at === 'string' ? [t(`${name}Day`, { day: formatMinute(at, locale) })] : [];
      };
      const record = filter['record'];
      const groups = AUDIT_GROUPS.filter((group) => listed('groups').includes(group));
      const words = [
        ...moment('from'),
        ...moment('to'),
        ...listed('actors').map(actorName),
        ...groups.map((group) => auditGroupName(group, locale)),
        ...listed('kinds').map((kind) => auditKindName(kind, locale)),
        ...(typeof record === 'number' ? [tEntry('recordNumber', { id: String(record) })] : []),
        ...(filter['case'] === undefined ? [] : [t('aCase')]),
        ...(filter['text'] === undefined ? [] : [t('aText')]),
      ];
      return words.length === 0 ? t('ranges.all') : words.join(', ');
    },
    [t, tEntry, locale, actorName],
  );
}
