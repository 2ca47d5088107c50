import type { CaseRow, ClientRecord } from '@meldesync/client';
import { PERSON_FIELDS } from '@meldesync/domain';
import type { People } from '../session/people.ts';
import { recordsOf } from './case-text.ts';

/** Everything that is known of a record, the parsed fields under `fields`, null when unreadable. */
function recordToJson(record: ClientRecord, people: People): object {
  const { mb, ...rest } = record;
  const named = new Map<string, object | null>(
    PERSON_FIELDS.map((field) => {
      const id = record[field];
      return [field, id === null ? null : { id, name: people.nameOf(id) ?? null }];
    }),
  );
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([key]) => !named.has(key))),
    ...Object.fromEntries(named),
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
