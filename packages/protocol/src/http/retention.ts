import { z } from 'zod';
import { readableList } from '../readable-list.ts';
import { moment } from './moment.ts';

/** What goes after its time. */
export const RETAINED = ['operations', 'import-rows', 'conflicts', 'events', 'changes'] as const;
export type Retained = (typeof RETAINED)[number];

/** What became of one kind in a run: of a dry run what would. */
export const retentionLine = z.object({
  of: z.string(),
  /** How long it is kept, such as `30 days`; null: for good. */
  keeps: z.object({ count: z.int().positive(), unit: z.enum(['days', 'months']) }).nullable(),
  count: z.int().nonnegative(),
  /** What was over its time but stays: `not-archived` without a folder for it, `not-sealed`, `busy` where the table was not free. */
  stays: z.string().nullable(),
});
export type RetentionLine = z.infer<typeof retentionLine>;

export const retentionReport = z.object({ lines: z.array(retentionLine), tookMs: z.int().nonnegative() });
export type RetentionReport = z.infer<typeof retentionReport>;

/** A run of retention, as a worker does it. */
export const retentionRun = z.object({
  id: z.int().positive(),
  askedBy: z.string(),
  isDryRun: z.boolean(),
  askedAt: moment,
  /** Null while no worker has taken it up. */
  startedAt: moment.nullable(),
  finishedAt: moment.nullable(),
  report: retentionReport.nullable(),
  /** Why it ended before its end. */
  failure: z.string().nullable(),
});
export type RetentionRun = z.infer<typeof retentionRun>;
export const retentionRunList = z.object({ runs: z.array(retentionRun) });
export const receivedRetentionRuns = z.object({ runs: readableList(retentionRun) });

export const newRetentionRun = z.strictObject({ isDryRun: z.boolean() });

/** What is to be erased. In the body, since a case id must not be in an address; the reason is on record, and names nobody. */
export const newErasure = z.strictObject({
  caseId: z
    .string()
    .min(1)
    .max(64)
    .refine((text) => !text.includes('\0')),
  reason: z
    .string()
    .trim()
    .min(3)
    .max(200)
    .refine((text) => !text.includes('\0')),
});
export type NewErasure = z.infer<typeof newErasure>;

/** What was erased: how many of each. */
export const erasedCase = z.object({
  id: z.uuid(),
  /** Id of the event that tells of it. */
  event: z.int().positive(),
  records: z.int().nonnegative(),
  /** Of other records, whose text named the case. */
  notes: z.int().nonnegative(),
  changes: z.int().nonnegative(),
  events: z.int().nonnegative(),
  conflicts: z.int().nonnegative(),
  operations: z.int().nonnegative(),
  importRows: z.int().nonnegative(),
  /** Files that waited and held it; they are cancelled. */
  importFiles: z.int().nonnegative(),
  importNames: z.int().nonnegative(),
});
export type ErasedCase = z.infer<typeof erasedCase>;

/** How far an erasure has come outside of the database. */
export const erasureState = z.object({
  id: z.uuid(),
  event: z.int().positive(),
  at: moment,
  streamsDoneAt: moment.nullable(),
  archivesDoneAt: moment.nullable(),
});
export const erasureList = z.object({ erasures: z.array(erasureState) });
export const receivedErasures = z.object({ erasures: readableList(erasureState) });
export type ErasureState = z.infer<typeof erasureState>;
