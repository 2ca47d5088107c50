import type { EditOutcome } from '@meldesync/protocol';
import type { EventOf } from '../history-event.ts';
import type { HistoryLog } from './history-log.ts';

/** Notes the answer of an edit, and each conflict in it as it is shown. */
export function noteAnswer(log: HistoryLog, who: string, operation: string, outcomes: readonly EditOutcome[]): void {
  for (const outcome of outcomes) {
    if (outcome.outcome !== 'conflict') continue;
    const { record, conflict, baseVersion, overlaps, current } = outcome;
    const fields = outcome.fields.map(({ field, base, current, attempted, changed }) => ({
      field,
      base,
      current,
      ...(attempted === undefined ? {} : { attempted }),
      ...(changed ? { changed: { by: changed.by, version: changed.version } } : {}),
    }));
    const currentVersion = current.version;
    log.note(who, {
      kind: 'conflict-shown',
      operation,
      conflict,
      record,
      baseVersion,
      currentVersion,
      fields,
      overlaps,
    });
  }
  log.note(who, { kind: 'edit-answered', operation, outcomes: outcomes.map(toHistory) });
}

function toHistory(outcome: EditOutcome): EventOf<'edit-answered'>['outcomes'][number] {
  const { record } = outcome;
  switch (outcome.outcome) {
    case 'accepted':
      return { record, outcome: 'accepted', version: outcome.version };
    case 'conflict':
      return { record, outcome: 'conflict', conflict: outcome.conflict };
    case 'rejected':
      return { record, outcome: 'rejected', code: outcome.code };
  }
}
