import type { EditIntent, SettledEdit, UndoHistory } from '@meldesync/client';
import { EDIT_LIMITS } from '@meldesync/protocol';
import { useCallback } from 'react';
import { errorCodeOf } from '../api/api.ts';
import { useSync } from '../sync/sync-context.tsx';
import { type EditReport, inBatches, type RefusedEdit, reportOf } from './edit-report.ts';
import { useSettleConflicts } from './outcome/use-settle-conflicts.ts';

/**
 * Sends edits of records as they were seen. Never rejects: what failed is in the report. `step` names what is taken back
 * together, where that is more than one edit.
 */
export type SubmitEdits = (intents: readonly EditIntent[], step?: string) => Promise<EditReport>;

interface Batch {
  readonly settled: readonly SettledEdit[];
  readonly failed: readonly RefusedEdit[];
}

/**
 * The way every edit of the page goes: shown at once, sent in batches the protocol takes, and remembered for undo. A conflict whose value
 * stands already is settled here (R5.2); the others are the caller's.
 */
export function useSubmit(): SubmitEdits {
  const { undo } = useSync();
  const settle = useSettleConflicts();
  return useCallback(
    async (intents, step) => {
      const batches = inBatches(intents, EDIT_LIMITS.itemsPerEdit).map((batch) => send(undo, batch, step));
      const sent = await Promise.all(batches);
      const report = reportOf(
        sent.flatMap(({ settled }) => settled),
        sent.flatMap(({ failed }) => failed),
      );
      settle(report.same, 'kept-theirs');
      return report;
    },
    [undo, settle],
  );
}

async function send(history: UndoHistory, batch: readonly EditIntent[], step: string | undefined): Promise<Batch> {
  try {
    return { settled: await history.submit(batch, step), failed: [] };
  } catch (error) {
    const code = errorCodeOf(error);
    return { settled: [], failed: batch.map((intent) => ({ intent, code, lock: undefined })) };
  }
}
