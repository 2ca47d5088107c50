import { Button } from '@mantine/core';
import type { ClientRecord } from '@meldesync/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useSync } from '../../../sync/sync-context.tsx';
import { conflictsQuery } from '../../conflicts/story/conflict-queries.ts';
import { ConflictStory } from '../../conflicts/story/conflict-story.tsx';
import classes from './case-panel.module.css';

interface RecordConflictsProps {
  readonly record: ClientRecord;
  /** Whether someone stays on the case; until then nothing is fetched. */
  readonly isResting: boolean;
}

/** Conflicts about a record that the person may see, with how they ended; nothing where there was none. */
export function RecordConflicts({ record: { id }, isResting }: RecordConflictsProps) {
  const t = useTranslations('panel');
  const { workspace } = useSync();
  const query = useInfiniteQuery({ ...conflictsQuery(workspace.id, { state: 'all', record: id }), enabled: isResting });
  const conflicts = query.data?.pages.flatMap((page) => page.conflicts) ?? [];
  if (conflicts.length === 0) return null;
  return (
    <>
      <h4 className={classes.subheading}>{t('sectionConflicts')}</h4>
      <ol className={classes.history}>
        {conflicts.map((conflict) => (
          <li key={conflict.conflict} className={classes.conflict}>
            <ConflictStory conflict={conflict} />
          </li>
        ))}
      </ol>
      {query.hasNextPage ? (
        <Button
          variant="default"
          fullWidth
          mt="xs"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t('conflictsMore')}
        </Button>
      ) : null}
    </>
  );
}
