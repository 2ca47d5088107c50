import type { ConflictField } from '@meldesync/protocol';
import type { People } from '../session/people.ts';

/** The fields of a conflict for scripts, each with the name of who changed it; `changed` is null when nobody did. */
export function conflictFieldsToJson(fields: readonly ConflictField[], people: People): object[] {
  return fields.map(({ changed, ...field }) => ({
    ...field,
    changed: changed === undefined ? null : { ...changed, byName: people.describe(changed.by) },
  }));
}
