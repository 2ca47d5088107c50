import { Button, Skeleton } from '@mantine/core';
import { describeError, type StoredConflict } from '@meldesync/protocol';
import { IconCloudOff, IconGitMerge } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { useGoToCase } from '../../../address/reveal-case.ts';
import { errorCodeOf, isUnreachable } from '../../../api/api.ts';
import { useRowName } from '../../../editing/use-row-name.ts';
import { useSync } from '../../../sync/sync-context.tsx';
import { useIsLoaded } from '../../../sync/use-connection.ts';
import { StatePage } from '../../../ui/state-page.tsx';
import { conflictsQuery } from '../../conflicts/story/conflict-queries.ts';
import { ConflictStory } from '../../conflicts/story/conflict-story.tsx';
import classes from './conflict-list.module.css';

const STATES = ['all', 'open'] as const;

/** Conflicts of the workspace, the newest first, with how each ended. */
export function ConflictList() {
  const t = useTranslations('audit.conflicts');
  const tShell = useTranslations('shell');
  const locale = useLocale();
  const { workspace } = useSync();
  const [state, setState] = useState<(typeof STATES)[number]>('all');
  const query = useInfiniteQuery(conflictsQuery(workspace.id, { state }));
  const conflicts = query.data?.pages.flatMap((page) => page.conflicts);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached with the keyboard
    <section className={classes.scroll} aria-label={t('list')} tabIndex={0}>
      <div className={classes.column}>
        <div className={classes.states} role="group" aria-label={t('state')}>
          {STATES.map((name) => (
            <button key={name} type="button" aria-pressed={state === name} onClick={() => setState(name)}>
              {t(name)}
            </button>
          ))}
        </div>
        {conflicts === undefined ? (
          query.error ? (
            <StatePage
              heading="h2"
              icon={<IconCloudOff size={24} />}
              title={t('errorTitle')}
              text={
                isUnreachable(query.error) ? tShell('unreachableText') : describeError(errorCodeOf(query.error), locale)
              }
              action={<Button onClick={() => void query.refetch()}>{tShell('retry')}</Button>}
            />
          ) : (
            <div role="status" className={classes.skeleton}>
              <span className="visually-hidden">{t('loading')}</span>
              {[0, 1, 2].map((line) => (
                <Skeleton key={line} height={120} radius={8} />
              ))}
            </div>
          )
        ) : conflicts.length === 0 ? (
          <StatePage
            heading="h2"
            icon={<IconGitMerge size={24} />}
            title={state === 'all' ? t('emptyTitle') : t('emptyOpenTitle')}
            text={state === 'all' ? t('emptyText') : t('emptyOpenText')}
          />
        ) : (
          <ol className={classes.list}>
            {conflicts.map((conflict) => (
              <li key={conflict.conflict} className={classes.card}>
                <CaseLine conflict={conflict} />
                <ConflictStory conflict={conflict} />
              </li>
            ))}
          </ol>
        )}
        {query.hasNextPage ? (
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            className={classes.more ?? ''}
            onClick={() => void query.fetchNextPage()}
          >
            {t('more')}
          </Button>
        ) : null}
      </div>
    </section>
  );
}

/** Which case it is about, and the way there while it is there. */
function CaseLine({ conflict: { record } }: { conflict: StoredConflict }) {
  const tEntry = useTranslations('audit.entry');
  const { client } = useSync();
  const goTo = useGoToCase();
  const rowName = useRowName();
  const isLoaded = useIsLoaded();
  const known = client.store.get(record);
  const id = String(record);
  return (
    <h2 className={classes.case}>
      {known ? rowName(known) : isLoaded ? tEntry('recordGone', { id }) : tEntry('recordNumber', { id })}
      {known ? (
        <button type="button" className={classes.link} onClick={() => goTo(record)}>
          {tEntry('openCase')}
        </button>
      ) : null}
    </h2>
  );
}
