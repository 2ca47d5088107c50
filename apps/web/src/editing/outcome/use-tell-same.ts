import { useCallback } from 'react';
import { useTranslations } from 'use-intl';
import { usePeople } from '../../people/use-people.tsx';
import type { ConflictedEdit } from '../../sync/conflict-queue.ts';
import { showMessage } from '../../ui/messages.tsx';
import { useRowName } from '../use-row-name.ts';

/** Says that somebody else saved just what the person wanted; nothing is left to decide. */
export function useTellSame(): (same: readonly ConflictedEdit[]) => void {
  const t = useTranslations('conflicts');
  const people = usePeople();
  const rowName = useRowName();
  return useCallback(
    (same) => {
      const [first] = same;
      if (!first) return;
      const isOneCase = same.every(({ seen }) => seen.caseId === first.seen.caseId);
      const { name } = people.ofActor(first.outcome.current.updatedBy);
      const message = isOneCase
        ? t('same', { name, row: rowName(first.seen) })
        : t('sameCount', { count: same.length });
      showMessage({ title: t('sameTitle'), message });
    },
    [people, rowName, t],
  );
}
