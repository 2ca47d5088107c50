import { IconCalendar, IconFolder, IconTag, IconUser } from '@tabler/icons-react';
import { lazy, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { MenuButton } from '../../../ui/menu-button.tsx';
import { SearchField } from '../../../ui/search-field.tsx';
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
  const { search, caseId, text, setText } = useTrailFilter();
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
      <SearchField
        className={classes.search}
        label={t('searchLabel')}
        hint={t('search')}
        clearLabel={t('clearSearch')}
        maxLength={200}
        text={text}
        onText={setText}
      />
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
