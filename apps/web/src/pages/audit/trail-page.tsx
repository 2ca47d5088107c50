import { useDebouncedValue } from '@mantine/hooks';
import type { AuditEntry } from '@meldesync/protocol';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { type AuditSearch, auditFilterOf, localDay, withoutFilters } from '../../address/audit-search.ts';
import { useOwnText } from '../../device/own-text.ts';
import { ArrivalsAnnouncer } from '../../features/audit/arrivals-announcer.tsx';
import { ConflictList } from '../../features/audit/conflicts/conflict-list.tsx';
import { EntryList } from '../../features/audit/entries/entry-list.tsx';
import { useTrail } from '../../features/audit/entries/use-trail.ts';
import { ExportButton } from '../../features/audit/export/export-button.tsx';
import { FilterBar } from '../../features/audit/filters/filter-bar.tsx';
import { FilterChips } from '../../features/audit/filters/filter-chips.tsx';
import { type TrailFilter, TrailFilterContext } from '../../features/audit/filters/trail-filter.ts';
import { LiveNote } from '../../features/audit/live-note.tsx';
import { EntryPanel } from '../../features/audit/panel/entry-panel.tsx';
import { MINUTE_MS, useClock } from '../../i18n/use-clock.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { ACTIVE_CELL_ID } from '../../ui/landmarks.ts';
import classes from './audit-page.module.css';
import { TrailEmpty, TrailError, TrailLoading } from './trail-states.tsx';

/** What is typed is looked for once nothing was typed for so long: each look is on record. */
const TYPED_MS = 350;

/** The trail, narrowed by the address and by what this tab knows; `forbidden` in its place for who may not, or no longer. */
export function TrailPage({ forbidden }: { forbidden: ReactNode }) {
  const t = useTranslations('audit');
  const search = useSearch({ from: '/signed-in/w/$workspace/audit' });
  const filter = useFilter(search);
  return (
    <TrailFilterContext value={filter}>
      <h1 className="visually-hidden">{t('title')}</h1>
      {search.view === 'conflicts' ? (
        <>
          <div className={classes.toolbar}>
            <Views />
          </div>
          <ConflictList />
        </>
      ) : (
        <Entries filter={filter} forbidden={forbidden} />
      )}
    </TrailFilterContext>
  );
}

function Entries({ filter, forbidden }: { filter: TrailFilter; forbidden: ReactNode }) {
  const t = useTranslations('audit');
  const { workspace } = useSync();
  const { search, caseId } = filter;
  const [text] = useDebouncedValue(filter.text.trim(), TYPED_MS);
  const today = localDay(useClock(MINUTE_MS));
  const { view: _view, entry: openKey, ...narrowing } = search;
  // The same object for as long as it asks for the same.
  const asked = JSON.stringify(auditFilterOf(narrowing, { caseId, text }, today));
  const wanted = useMemo(() => JSON.parse(asked) as ReturnType<typeof auditFilterOf>, [asked]);
  const trail = useTrail(workspace.id, wanted);
  const [focusRequest, setFocusRequest] = useState(0);
  const { change } = filter;
  const open = useCallback(
    (entry: AuditEntry | null, isByKey: boolean) => {
      setFocusRequest((request) => (isByKey && entry ? request + 1 : 0));
      change(({ entry: _entry, ...rest }) => (entry ? { ...rest, entry: entry.key } : rest));
      if (entry === null) document.getElementById(ACTIVE_CELL_ID)?.focus();
    },
    [change],
  );
  const opened = openKey === undefined ? undefined : trail.entries.find(({ key }) => key === openKey);
  const isNarrowed = asked !== '{}';
  if (trail.isForbidden) return forbidden;
  return (
    <>
      <div className={classes.toolbar}>
        <Views />
        <FilterBar />
        <div className={classes.end}>
          {trail.heardAt === null ? null : <LiveNote at={trail.heardAt} isStale={trail.isStale} retry={trail.listen} />}
          <ExportButton filter={wanted} />
        </div>
      </div>
      <FilterChips />
      <div className={classes.columns}>
        <div className={classes.list} data-print="none">
          {trail.error && trail.entries.length === 0 ? (
            <TrailError error={trail.error} retry={trail.retry} />
          ) : trail.isLoading ? (
            <TrailLoading searchedTo={trail.searchedTo} />
          ) : (
            <EntryList
              trail={trail}
              openKey={opened?.key ?? null}
              onOpen={open}
              empty={<TrailEmpty isNarrowed={isNarrowed} onReset={filter.reset} />}
              end={isNarrowed ? t('endFiltered') : t('end')}
            />
          )}
        </div>
        {opened ? <EntryPanel entry={opened} focusRequest={focusRequest} onClose={() => open(null, false)} /> : null}
      </div>
      <ArrivalsAnnouncer count={trail.arrived} />
    </>
  );
}

/** What the address and this tab narrow the trail to. */
function useFilter(search: AuditSearch): TrailFilter {
  const { workspace, user } = useSync();
  const navigate = useNavigate();
  const owner = { workspace: workspace.id, user: user.id };
  const [caseId, setCaseId] = useOwnText('audit-case', owner);
  const [text, setText] = useOwnText('audit-text', owner);
  const change = useCallback(
    (next: (search: AuditSearch) => AuditSearch) => {
      void navigate({ to: '.', search: (current) => next(current as AuditSearch), replace: true });
    },
    [navigate],
  );
  return useMemo(
    () => ({
      search,
      caseId,
      text,
      change,
      setCaseId,
      setText,
      reset: () => {
        setCaseId('');
        setText('');
        change(withoutFilters);
      },
    }),
    [search, caseId, text, change, setCaseId, setText],
  );
}

/** Entries or conflicts. */
function Views() {
  const t = useTranslations('audit.views');
  const { view } = useSearch({ from: '/signed-in/w/$workspace/audit' });
  const navigate = useNavigate();
  const show = (next: 'entries' | 'conflicts'): void => {
    void navigate({
      to: '.',
      search: (current) => {
        const { view: _view, entry: _entry, ...rest } = current as AuditSearch;
        return next === 'conflicts' ? { ...rest, view: next } : rest;
      },
    });
  };
  return (
    <div className={classes.views} role="group" aria-label={t('label')}>
      {(['entries', 'conflicts'] as const).map((name) => (
        <button key={name} type="button" aria-pressed={(view ?? 'entries') === name} onClick={() => show(name)}>
          {t(name)}
        </button>
      ))}
    </div>
  );
}
