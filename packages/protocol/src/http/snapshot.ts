import { z } from 'zod';
import { cursor } from '../cursor.ts';
import { syncedRecord } from '../frame/record.ts';
import { readableList } from '../readable-list.ts';

/** A record that cannot be read, as far as a client needs it to add up what the workspace holds. */
export const unreadableRecord = z.object({ id: z.int(), version: z.int() });
export type UnreadableRecord = z.infer<typeof unreadableRecord>;

/**
 * `GET /api/v1/workspaces/{workspace}/snapshot?after=<record id>`: a page of the workspace's records by id.
 * The cursor of the first page is the one to subscribe with: every page holds everything up to it, later changes
 * arrive as frames and apply by version.
 */
export const snapshotPage = z.object({
  cursor,
  /** Names the pages that were read together; sent with the request for the next one, which then costs nobody anything. */
  edition: z.string().optional(),
  records: z.array(syncedRecord),
  /** Records that the database holds and that cannot be read; the checksum counts them. Missing where there are none. */
  unreadable: z.array(unreadableRecord).optional(),
  /** Pass as `after` for the next page; null on the last. */
  next: z.int().positive().nullable(),
  /** Records of the workspace when the page was read, for progress. */
  total: z.int().nonnegative(),
});
export type SnapshotPage = z.infer<typeof snapshotPage>;

/** A page as a client reads it. */
export const receivedSnapshotPage = snapshotPage.extend({
  records: readableList(syncedRecord),
  unreadable: readableList(unreadableRecord).optional(),
});
