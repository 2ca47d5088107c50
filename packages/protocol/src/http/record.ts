import { z } from 'zod';
import { editOutcome } from '../down/edited.ts';
import { change, changedFields } from '../frame/change.ts';
import { syncedRecord } from '../frame/record.ts';
import { readableList } from '../readable-list.ts';
import { editItem, operationId } from '../up/edit.ts';

/** `GET /api/v1/workspaces/{workspace}/records?after=<id>&limit=`: pages by id. */
export const recordPage = z.object({ records: z.array(syncedRecord), next: z.int().positive().nullable() });

/** How much one look-up may ask for, and how many records it brings. */
export const LOOK_UP_LIMITS = { records: 1_000, names: 100, shortestPrefix: 4 } as const;

/** Longer than any case id may be. */
const name = z.string().min(1).max(1_000);

/**
 * `POST /api/v1/workspaces/{workspace}/record-lookups`: the records that are named in any of these ways. In a body, since case ids and
 * Vorgangsnummern must not be in an address.
 */
export const recordLookUp = z.strictObject({
  /** Ids. */
  records: z.array(z.int().positive()).max(LOOK_UP_LIMITS.records).optional(),
  /** Case ids. One that no record has stands for those that are the same but for capitals and blanks. */
  caseIds: z.array(name).max(LOOK_UP_LIMITS.names).optional(),
  /** Beginnings of Vorgangsnummern, in lower case. */
  vorgangsnummern: z
    .array(z.string().regex(/^[0-9a-f]{4,64}$/))
    .max(LOOK_UP_LIMITS.names)
    .optional(),
  /** With the other records of their cases. */
  wholeCases: z.boolean().optional(),
});
export type RecordLookUp = z.infer<typeof recordLookUp>;

/** What was found, by id; `isCut` when there is more than one answer brings. */
export const foundRecords = z.object({ records: z.array(syncedRecord), isCut: z.boolean() });
/** The same as a client reads it. */
export const receivedFoundRecords = foundRecords.extend({ records: readableList(syncedRecord) });

/** `POST /api/v1/workspaces/{workspace}/edits`: the WebSocket's `edit` over HTTP. */
export const editRequest = z.strictObject({ operation: operationId, items: z.array(editItem).min(1).max(500) });
export const editResponse = z.object({ operation: z.string(), outcomes: z.array(editOutcome) });

/** One entry of a record's history, newest first (R5.1). */
export const historyEntry = change.omit({ set: true }).extend({ before: changedFields, after: changedFields });
export type HistoryEntry = z.infer<typeof historyEntry>;

/** `GET /api/v1/workspaces/{workspace}/records/{record}/history?before=<version>`; `next` goes on as `before`. */
export const historyPage = z.object({ entries: z.array(historyEntry), next: z.int().positive().nullable() });
export type HistoryPage = z.infer<typeof historyPage>;

/** The same as a client reads it. */
export const receivedHistoryPage = historyPage.extend({ entries: readableList(historyEntry) });
export const receivedRecordPage = recordPage.extend({ records: readableList(syncedRecord) });
