import type { CaseFilter, CaseQuery, CaseRow } from '@meldesync/client';
import { useNavigate, useSearch } from '@tanstack/react-router';
import {
  lazy,
  Suspense,
  useCallback,
  useDeferredValue,
  useLayoutEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { useTranslations } from 'use-intl';
import { type CaseSearch, withFilter, withRecord, withSort } from '../../address/case-search.ts';
import { useOwnText } from '../../device/own-text.ts';
import { useWatchedDrive } from '../../editing/drive/drive-context.tsx';
import { leadRecord } from '../../features/cases/facts/case-facts.ts';
import { CaseGrid } from '../../features/cases/grid/case-grid.tsx';
import { SelectionProvider } from '../../features/cases/selection/selection-context.tsx';
import { useSync } from '../../sync/sync-context.tsx';
import { useConnection } from '../../sync/use-connection.ts';
import { ACTIVE_CELL_ID } from '../../ui/landmarks.ts';
import classes from './cases-page.module.css';
import { CasesEmpty, CasesLoading, NoMatch } from './cases-states.tsx';
import { CasesToolbar } from './cases-toolbar.tsx';

const CasePanel = lazy(async () => ({
  default: (await import('../../features/cases/panel/case-panel.tsx')).CasePanel,
}));

/** The list everybody works through, and the case that is open beside it. */
export function CasesPage() {
  const t = useTranslations('cases');
  useWatchedDrive();
  const { cases, client, user, workspace } = useSync();
  const search = useSearch({ from: '/signed-in/w/$workspace/cases' });
  const navigate = useNavigate();
  const [text, setText] = useOwnText('search', { workspace: workspace.id, user: user.id });
  const query = useCaseQuery(search, useDeferredValue(text));
  useLayoutEffect(() => cases.setQuery(query), [cases, query]);
  const snapshot = useSyncExternalStore(cases.subscribe, cases.getSnapshot);
  const connection = useConnection();

  const go = useCallback(
    (next: (search: CaseSearch) => CaseSearch, replace = false) => {
      void navigate({ to: '.', search: (current) => next(current as CaseSearch), replace });
    },
    [navigate],
  );
  const [focusRequest, setFocusRequest] = useState(0);
  const open = useCallback(
    (row: CaseRow | null, isByKey: boolean) => {
      setFocusRequest((request) => (isByKey && row ? request + 1 : 0));
      const record = row ? leadRecord(row)?.id : undefined;
      // Walking through the list with the panel open must not fill the browser's history.
      go((current) => withRecord(current, record), search.record !== undefined && row !== null);
    },
    [go, search.record],
  );
  const close = (): void => {
    open(null, false);
    document.getElementById(ACTIVE_CELL_ID)?.focus();
  };
  const reset = (): void => {
    setText('');
    go((current) => withFilter(current, 'all'));
  };

  const isLoaded = client.cursor !== null;
  const isEmpty = client.store.size === 0;
  return (
    <SelectionProvider>
      <div className={classes.page}>
        <title>{`${t('title')} · ${workspace.name} · MeldeSync`}</title>
        <CasesToolbar
          totals={snapshot.totals}
          filter={query.filter}
          onFilter={(filter) => go((current) => withFilter(current, filter))}
          text={text}
          onText={setText}
        />
        <div className={classes.columns}>
          <div className={classes.list} data-print="none">
            {isEmpty && !isLoaded ? (
              <CasesLoading connection={connection} />
            ) : isEmpty ? (
              <CasesEmpty />
            ) : (
              <CaseGrid
                snapshot={snapshot}
                noMatch={snapshot.query === query ? <NoMatch onReset={reset} /> : null}
                openRecord={search.record ?? null}
                onOpen={open}
                onSort={(sort) => go((current) => withSort(current, sort))}
              />
            )}
          </div>
          {search.record === undefined ? null : (
            <Suspense>
              <CasePanel record={search.record} focusRequest={focusRequest} onClose={close} />
            </Suspense>
          )}
        </div>
      </div>
    </SelectionProvider>
  );
}

/** The query of the address and the text, the same object for as long as they are the same. */
function useCaseQuery(search: CaseSearch, text: string): CaseQuery {
  const { sort, dir } = search;
  const filter: CaseFilter = search.filter ?? 'all';
  return useMemo(
    () => ({ text, filter, sort: sort ? { column: sort, direction: dir ?? 'asc' } : null }),
    [text, filter, sort, dir],
  );
}
