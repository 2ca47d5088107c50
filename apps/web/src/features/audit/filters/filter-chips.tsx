import { auditGroupName, auditKindName } from '@meldesync/protocol';
import { IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { withTime, withToggled } from '../../../address/audit-search.ts';
import { formatDayShort } from '../../../i18n/format.ts';
import { SEARCH_FIELD_ID } from '../../../ui/landmarks.ts';
import classes from './filters.module.css';
import { useTrailFilter } from './trail-filter.ts';
import { useActorName } from './use-actor-name.ts';

interface Chip {
  readonly key: string;
  readonly name: string;
  readonly remove: () => void;
}

/** Every filter that is set, each with a way to take it away again. */
export function FilterChips() {
  const t = useTranslations('audit.filters');
  const { reset } = useTrailFilter();
  const chips = useChips();
  const listRef = useRef<HTMLUListElement>(null);
  /** Place of the chip that is taken away with the focus on it, and how many there were. */
  const removed = useRef<{ readonly place: number; readonly of: number } | null>(null);
  useEffect(() => {
    // The address changes a moment later.
    if (removed.current === null || chips.length >= removed.current.of) return;
    const buttons = listRef.current?.querySelectorAll('button') ?? [];
    // The last button takes all filters away.
    (buttons[Math.min(removed.current.place, buttons.length - 2)] ?? document.getElementById(SEARCH_FIELD_ID))?.focus();
    removed.current = null;
  });
  if (chips.length === 0) return null;
  return (
    <ul ref={listRef} className={classes.chips} aria-label={t('chips')} data-print="none">
      {chips.map(({ key, name, remove }, index) => (
        <li key={key}>
          <button
            type="button"
            className={classes.chip}
            aria-label={t('remove', { name })}
            onClick={() => {
              removed.current = { place: index, of: chips.length };
              remove();
            }}
          >
            <span>{name}</span>
            <IconX size={13} aria-hidden="true" />
          </button>
        </li>
      ))}
      <li>
        <button
          type="button"
          className={classes.reset}
          onClick={() => {
            document.getElementById(SEARCH_FIELD_ID)?.focus();
            reset();
          }}
        >
          {t('reset')}
        </button>
      </li>
    </ul>
  );
}

function useChips(): readonly Chip[] {
  const t = useTranslations('audit.filters');
  const locale = useLocale();
  const nameOf = useActorName();
  const { search, caseId, text, change, setCaseId, setText } = useTrailFilter();
  const { range, from, to, groups = [], kinds = [], actors = [], record } = search;
  const day = (one: string): string => formatDayShort(one, locale);
  const time =
    range === undefined
      ? from === undefined
        ? to === undefined
          ? null
          : t('toDay', { day: day(to) })
        : to === undefined
          ? t('fromDay', { day: day(from) })
          : from === to
            ? day(from)
            : t('days', { from: day(from), to: day(to) })
      : t(`ranges.${range}`);
  return [
    ...(time === null ? [] : [{ key: 'time', name: time, remove: () => change((now) => withTime(now, {})) }]),
    ...groups.map((group) => ({
      key: `group:${group}`,
      name: auditGroupName(group, locale),
      remove: () => change((now) => withToggled(now, 'groups', group)),
    })),
    ...kinds.map((kind) => ({
      key: `kind:${kind}`,
      name: auditKindName(kind, locale),
      remove: () => change((now) => withToggled(now, 'kinds', kind)),
    })),
    ...actors.map((actor) => ({
      key: `actor:${actor}`,
      name: nameOf(actor),
      remove: () => change((now) => withToggled(now, 'actors', actor)),
    })),
    ...(caseId === '' ? [] : [{ key: 'case', name: t('caseChip', { caseId }), remove: () => setCaseId('') }]),
    ...(record === undefined
      ? []
      : [
          {
            key: 'record',
            name: t('recordChip', { id: String(record) }),
            remove: () => change(({ record: _record, ...now }) => now),
          },
        ]),
    ...(text.trim() === ''
      ? []
      : [{ key: 'text', name: t('textChip', { text: text.trim() }), remove: () => setText('') }]),
  ];
}
