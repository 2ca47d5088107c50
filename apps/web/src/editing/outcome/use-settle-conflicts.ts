import { describeError, type ResolutionRequest } from '@meldesync/protocol';
import { useCallback } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { errorCodeOf } from '../../api/api.ts';
import type { ConflictedEdit } from '../../sync/conflict-queue.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { showMessage } from '../../ui/messages.tsx';
import { recordResolution } from './record-resolution.ts';

export type SettleConflicts = (edits: readonly ConflictedEdit[], resolution: ResolutionRequest['resolution']) => void;

/** Records in the background how conflicts ended; says so when that fails, because the audit trail is then behind. */
export function useSettleConflicts(): SettleConflicts {
  const { workspace } = useSync();
  const t = useTranslations('conflicts');
  const locale = useLocale();
  return useCallback(
    (edits, resolution) => {
      for (const { outcome } of edits) void settle(outcome.conflict);

      async function settle(conflict: string): Promise<void> {
        try {
          await recordResolution(workspace.id, conflict, { resolution });
        } catch (error) {
          const message = t('unsettled', { reason: describeError(errorCodeOf(error), locale) });
          showMessage({ id: 'conflict-unsettled', color: 'yellow', title: t('unsettledTitle'), message });
        }
      }
    },
    [locale, t, workspace.id],
  );
}
