import { z } from 'zod';
import { editOutcome } from '../down/edited.ts';
import { change, changedFields } from '../frame/change.ts';
import { syncedRecord } from '../frame/record.ts';
import { readableList } from '../readable-list.ts';
import { editItem, operationId } from '../up/edit.ts';

/** `GET /api/v1/workspaces/{workspace}/records?after=<id>&limit=`: pages by id. */
export const recordPage = z.object({ records: z.array(syncedRecord), next: z.int().positive().nullable() });

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
