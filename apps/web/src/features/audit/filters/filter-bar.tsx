import { CloseButton, TextInput } from '@mantine/core';
import { IconCalendar, IconFolder, IconSearch, IconTag, IconUser } from '@tabler/icons-react';
import { lazy, type ReactNode, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { SEARCH_FIELD_ID } from '../../../ui/landmarks.ts';
import { MenuButton } from '../../../ui/menu-button.tsx';
import classes from './filters.module.css';
import { useTrailFilter } from './trail-filter.ts';

const loadTime = async () => ({ default: (await import('./time-filter.tsx')).TimeFilter });
const TimeFilter = lazy(loadTime);
const loadKind = async () => ({ default: (await import('./kind-filter.tsx')).KindFilter });
const KindFilter = lazy(loadKind);
const loadPerson = async () => ({ default: (await import('./person-filter.tsx')).PersonFilter });
const PersonFilter = lazy(loadPerson);
const loadCase = async () => ({ default: (await import('./case-filter.tsx')).CaseFilter });
const CaseFilter = lazy(loadCase);

/** What the list is narrowed by: a text, time, kind, person and case. */
export function FilterBar() {
  const t = useTranslations('audit.filters');
  const { search, caseId } = useTrailFilter();
  const hasTime = search.range !== undefined || search.from !== undefined || search.to !== undefined;
  const parts = [
    { name: t('time'), isSet: hasTime, icon: <IconCalendar size={14} />, content: TimeFilter, load: loadTime },
    {
      name: t('kind'),
      isSet: search.groups !== undefined || search.kinds !== undefined,
      icon: <IconTag size={14} />,
      content: KindFilter,
      load: loadKind,
    },
    {
      name: t('person'),
      isSet: search.actors !== undefined,
      icon: <IconUser size={14} />,
      content: PersonFilter,
      load: loadPerson,
    },
    { name: t('case'), isSet: caseId !== '', icon: <IconFolder size={14} />, content: CaseFilter, load: loadCase },
  ];
  return (
    <div className={classes.bar} role="group" aria-label={t('label')}>
      <SearchField />
      {parts.map(({ name, isSet, icon, content, load }) => (
        <MenuButton
          key={name}
          className={isSet ? classes.set : classes.open}
          kind="dialog"
          label={name}
          content={content}
          preload={load}
        >
          <Sign>{icon}</Sign>
          <span aria-hidden={isSet || undefined}>{name}</span>
          {isSet ? <span className="visually-hidden">{t('set', { name })}</span> : null}
        </MenuButton>
      ))}
    </div>
  );
}

function Sign({ children }: { children: ReactNode }) {
  return (
    <span className={classes.sign} aria-hidden="true">
      {children}
    </span>
  );
}

function SearchField() {
  const t = useTranslations('audit.filters');
  const { text, setText } = useTrailFilter();
  const ref = useRef<HTMLInputElement>(null);
  const clear = (): void => {
    setText('');
    ref.current?.focus();
  };
  return (
    <TextInput
      ref={ref}
      id={SEARCH_FIELD_ID}
      type="search"
      size="xs"
      className={classes.search ?? ''}
      aria-label={t('searchLabel')}
      placeholder={t('search')}
      autoComplete="off"
      spellCheck={false}
      maxLength={200}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && text !== '') clear();
      }}
      leftSection={<IconSearch size={15} />}
      rightSection={
        text === '' ? (
          <kbd aria-hidden="true">/</kbd>
        ) : (
          <CloseButton size={24} aria-label={t('clearSearch')} onClick={clear} />
        )
      }
      rightSectionPointerEvents={text === '' ? 'none' : 'all'}
    />
  );
}
