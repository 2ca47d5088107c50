import type { ClientRecord } from '@meldesync/client';
import { isAsPatched, normalisePatch } from '@meldesync/domain';
import type { RecordPatch } from '@meldesync/protocol';
import { createContext, type ReactNode, useCallback, useContext } from 'react';
import { useSync } from '../sync/sync-context.tsx';
import { useTellRefused } from './outcome/use-tell-refused.ts';
import { useTellSame } from './outcome/use-tell-same.ts';
import { useSubmit } from './use-submit.ts';

/** Sends an edit of records as they were seen. What already has the wanted value is left out. */
export type SaveEdit = (seen: readonly ClientRecord[], set: RecordPatch) => void;

const SaveContext = createContext<SaveEdit | null>(null);

/**
 * Saves what someone did to a case: shown at once, and explained when it was not taken. A conflict opens the dialog that
 * names who was first and what stands now (R2.2); a refusal says its reason. Made once for all cells.
 */
export function EditProvider({ children }: { children: ReactNode }) {
  const { conflicts } = useSync();
  const submit = useSubmit();
  const tellRefused = useTellRefused();
  const tellSame = useTellSame();
  const save = useCallback<SaveEdit>(
    (seen, set) => {
      const normalised = normalisePatch(set);
      if (!normalised.ok) return;
      const { patch } = normalised;
      const intents = seen
        .filter((record) => !isAsPatched(record, patch))
        .map((record) => ({ seen: record, set: patch }));
      if (intents.length > 0) void send();

      async function send(): Promise<void> {
        const report = await submit(intents);
        conflicts.add(report.conflicts);
        tellRefused(report.refused);
        if (report.conflicts.length === 0) tellSame(report.same);
      }
    },
    [conflicts, submit, tellRefused, tellSame],
  );
  return <SaveContext value={save}>{children}</SaveContext>;
}

export function useEdit(): SaveEdit {
  const save = useContext(SaveContext);
  if (!save) throw new Error('useEdit is used outside of an EditProvider');
  return save;
}
