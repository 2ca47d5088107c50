import type { AppliedChange } from '../types/records.ts';

/** Who changed a field last, and when. */
interface LastChange {
  readonly by: string;
  readonly at: string;
}

/** Who changed which field of the records that steps are about, as far as it was seen. */
export interface LastChanges {
  /** Changes of a store; an empty batch says that some were not seen. */
  applied(changes: readonly AppliedChange[]): void;
  of(record: number, field: string): LastChange | undefined;
  /** Forgets the records that are not asked for any more. */
  keep(records: ReadonlySet<number>): void;
}

/** Watches no record yet. */
export function createLastChanges(): LastChanges {
  const byRecord = new Map<number, Map<string, LastChange>>();
  return {
    applied(changes) {
      if (changes.length === 0) for (const fields of byRecord.values()) fields.clear();
      if (byRecord.size === 0) return;
      for (const { change } of changes) {
        const fields = byRecord.get(change.record);
        if (!fields) continue;
        for (const field of Object.keys(change.set)) fields.set(field, { by: change.by, at: change.at });
      }
    },
    of: (record, field) => byRecord.get(record)?.get(field),
    keep(records) {
      for (const record of byRecord.keys()) if (!records.has(record)) byRecord.delete(record);
      for (const record of records) if (!byRecord.has(record)) byRecord.set(record, new Map());
    },
  };
}
