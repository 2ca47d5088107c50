import type { CaseRow, ClientRecord } from '@meldesync/client';
import type { People } from '../session/people.ts';
import { recordsOf } from './case-text.ts';

/** Everything that is known of a record, the parsed fields under `fields`, null when unreadable. */
function recordToJson(record: ClientRecord, people: People): object {
  const { mb, assignee, ...rest } = record;
  return {
    ...rest,
    assignee: assignee === null ? null : { id: assignee, name: people.nameOf(assignee) ?? null },
    updatedByName: people.describe(record.updatedBy),
    fields: mb,
  };
}

/** A case for scripts, with all its records. */
export function caseToJson(row: CaseRow, people: People): object {
  const { caseId, status, latest } = row;
  return {
    caseId,
    status,
    latest: { ...latest, name: people.describe(latest.by) },
    records: recordsOf(row).map((record) => recordToJson(record, people)),
  };
}
