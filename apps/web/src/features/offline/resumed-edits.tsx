import type { ResumedEdit } from '@meldesync/client';
import { useEffect, useEffectEvent } from 'react';
import { type EditReport, reportOf } from '../../editing/edit-report.ts';
import { useSettleConflicts } from '../../editing/outcome/use-settle-conflicts.ts';
import { useTellRefused } from '../../editing/outcome/use-tell-refused.ts';
import { useTellSame } from '../../editing/outcome/use-tell-same.ts';
import { useSync } from '../../sync/sync-context.tsx';

/** Tells what became of the edits of an earlier page: those that came second open the conflict dialog (R4.4). */
export function ResumedEdits() {
  const { client, conflicts } = useSync();
  const settle = useSettleConflicts();
  const tellRefused = useTellRefused();
  const tellSame = useTellSame();
  const tell = useEffectEvent((edit: ResumedEdit): void => {
    const report = reportOfResumed(edit);
    settle(report.same, 'kept-theirs');
    conflicts.add(report.conflicts);
    tellRefused(report.refused);
    if (report.conflicts.length === 0) tellSame(report.same);
  });
  useEffect(() => client.onResumed((edit) => tell(edit)), [client]);
  return null;
}

function reportOfResumed(edit: ResumedEdit): EditReport {
  if (edit.outcome === 'settled') return reportOf(edit.edits);
  const { code, intents } = edit;
  return reportOf(
    [],
    intents.map((intent) => ({ intent, code, lock: undefined })),
  );
}
