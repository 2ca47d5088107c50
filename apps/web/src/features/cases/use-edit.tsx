import type { ClientRecord } from '@meldesync/client';
import { normalisePatch } from '@meldesync/domain';
import { describeError, type RecordPatch } from '@meldesync/protocol';
import { useCallback } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { errorCodeOf } from '../../api/api.ts';
import type { EditIntent, SettledEdit } from '../../sync/pending-edits.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { usePeople } from '../../sync/use-people.tsx';
import { showMessage } from '../../ui/messages.tsx';
import { ConflictText } from './conflict-text.tsx';
import { EDITED_FIELDS } from './edited-fields.ts';

/** Sends an edit of records as they were seen. What already has the wanted value is left out. */
export type SaveEdit = (seen: readonly ClientRecord[], set: RecordPatch) => void;

/**
 * The way every edit of the page goes: shown at once, and explained when it was not taken. A conflict names who was
 * first and what stands now (R2.2); a refusal says its reason.
 */
export function useEdit(): SaveEdit {
  const { edits } = useSync();
  const t = useTranslations('edit');
  const locale = useLocale();
  const people = usePeople();
  return useCallback(
    (seen, set) => {
      const normalised = normalisePatch(set);
      if (!normalised.ok) return;
      const { patch } = normalised;
      const intents = seen.filter((record) => differs(record, patch)).map((record) => ({ seen: record, set: patch }));
      if (intents.length > 0) void submit(intents);

      async function submit(wanted: readonly EditIntent[]): Promise<void> {
        try {
          explain(await edits.submit(wanted));
        } catch (error) {
          const message = describeError(errorCodeOf(error), locale);
          showMessage({ color: 'red', title: t('rejectedTitle'), message });
        }
      }

      function explain(settled: readonly SettledEdit[]): void {
        const conflict = settled.find(({ outcome }) => outcome.outcome === 'conflict');
        if (conflict?.outcome.outcome === 'conflict') {
          const message = <ConflictText seen={conflict.seen} current={conflict.outcome.current} people={people} />;
          showMessage({ color: 'yellow', autoClose: false, title: t('conflictTitle'), message });
          return;
        }
        const reasons = settled.flatMap(({ outcome }) => (outcome.outcome === 'rejected' ? [outcome.code] : []));
        const [reason] = reasons;
        if (reason === undefined) return;
        const count = reasons.length > 1 ? ` ${t('rejectedCount', { count: reasons.length })}` : '';
        showMessage({ color: 'red', title: t('rejectedTitle'), message: describeError(reason, locale) + count });
      }
    },
    [edits, locale, people, t],
  );
}

function differs(record: ClientRecord, patch: RecordPatch): boolean {
  return EDITED_FIELDS.some((field) => patch[field] !== undefined && patch[field] !== record[field]);
}
