import type { EditItem, EditOutcome, ErrorCode, RecordPatch } from '@meldesync/protocol';
import type { ClientRecord, RecordStore } from './records.ts';

/** What a person wants of one record, and the record as they saw it when they decided. */
export interface EditIntent {
  readonly seen: ClientRecord;
  readonly set: RecordPatch;
  /** The conflict it settles. */
  readonly resolves?: EditItem['resolves'];
}

/** An intent and what became of it. */
export interface SettledEdit extends EditIntent {
  readonly outcome: EditOutcome;
}

/**
 * An edit of a page that is gone, settled by the client that took it over: nobody awaits it, and the person has to be
 * told if it was not accepted.
 */
export type ResumedEdit =
  | { readonly outcome: 'settled'; readonly edits: readonly SettledEdit[] }
  /** It was refused as a whole. */
  | { readonly outcome: 'refused'; readonly intents: readonly EditIntent[]; readonly code: ErrorCode };

/**
 * The records with this client's edits that are not settled laid over them: what a screen shows. Confirmed changes and
 * own edits alike reach its listeners; an edit that is refused is taken back (R2.1). Where only what is pending changed,
 * `before` and `after` of a change are the same object.
 */
export interface OptimisticRecords extends RecordStore {
  /** The fields of a record that wait for an answer; the same object until that changes. */
  pendingOf(record: number): RecordPatch | undefined;
  /** How many edits wait. */
  readonly pendingCount: number;
  /**
   * Sends the intents as one edit and shows them at once. Edits of one record go one after the other, the next based on
   * the version the one before made, because that is what the person saw. Rejects like `SyncClient.edit`, and with
   * `too-many-unsent` when 1,000 wait already. With `persistence` it outlives the page: when the client is stopped
   * meanwhile it rejects, and the next client sends it (`SyncClient.onResumed`).
   */
  submit(intents: readonly EditIntent[]): Promise<SettledEdit[]>;
}
