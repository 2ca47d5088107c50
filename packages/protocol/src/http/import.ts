import { z } from 'zod';
import { readableList } from '../readable-list.ts';

/**
 * A file on its way into the workspace. Of a cancelled one the rows that are counted are in, and stay. A paused one waits for an administrator:
 * who brought it may not import any more.
 */
export const importStatus = z.enum(['queued', 'running', 'paused', 'finished', 'failed', 'cancelled']);
export type ImportStatus = z.infer<typeof importStatus>;

/** Whether nothing more happens to the file by itself. */
export function hasImportEnded({ status }: { readonly status: ImportStatus }): boolean {
  return status !== 'queued' && status !== 'running';
}

/**
 * State and result of one file. Rows: `new` + `updated` + `unchanged` + `rejected` = rows read so far.
 * A failed import has a file-level `error`. One refused for `too-many-rejected` changed nothing; its `rejected` counts the
 * rows that were found until it was given up, and the first of them are listed as its rows.
 */
export const importSummary = z.object({
  id: z.uuid(),
  filename: z.string(),
  sizeBytes: z.int().nonnegative(),
  status: importStatus,
  rows: z.object({
    new: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    rejected: z.int(),
    /** Accepted rows with at least one warning. */
    warned: z.int(),
  }),
  /** 0 to 1. */
  progress: z.number().min(0).max(1),
  /** Why the whole file was refused; a code of the domain's CSV catalogue, with its parameters. */
  error: z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) }).nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  /** User id. */
  createdBy: z.string(),
  /** User id of who cancelled it; the time is `finishedAt`. */
  cancelledBy: z.string().nullable().default(null),
  /** User id of who went on with it after it was paused; its rows are theirs since. */
  continuedBy: z.string().nullable().default(null),
});
export type ImportSummary = z.infer<typeof importSummary>;

/** An import as a client reads it: a status that only a newer node knows counts as running, and is asked for again. */
export const receivedImportSummary = importSummary.extend({
  status: z.union([importStatus, z.string().transform((): ImportStatus => 'running')]),
});

/** `POST /api/v1/workspaces/{workspace}/imports` (202): in the order of the files. */
export const importList = z.object({ imports: z.array(importSummary) });

/** `GET …/imports?before=<id>&limit=`: newest first; `next` goes on as `before`, and is null on the last page. */
export const importPage = importList.extend({ next: z.uuid().nullable() });
export type ImportPage = z.infer<typeof importPage>;

/** The answer to an upload and to a look at the list, as a client reads it. */
export const receivedImportList = z.object({ imports: readableList(receivedImportSummary) });

/** A row with something to say about it: a rejected one, or an accepted one with warnings. */
export const importRow = z.object({
  /** Physical line in the file, from 1. */
  line: z.int().positive(),
  outcome: z.enum(['rejected', 'warned']),
  /** As far as it could be read. */
  vorgangsnummer: z.string().nullable(),
  findings: z.array(
    z.object({
      code: z.string(),
      severity: z.enum(['error', 'warning']),
      field: z.string().nullable(),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
      /** The sentence in the language of the request. */
      message: z.string(),
    }),
  ),
});
export type ImportRow = z.infer<typeof importRow>;

/** `GET /api/v1/workspaces/{workspace}/imports/{id}/rows?after=<line>&limit=`; `next` is null on the last page. */
export const importRowPage = z.object({ rows: z.array(importRow), next: z.int().nullable() });
export type ImportRowPage = z.infer<typeof importRowPage>;

/** The same as a client reads it. */
export const receivedImportRowPage = importRowPage.extend({ rows: readableList(importRow) });
