import { z } from 'zod';
import { AUDIT_GROUPS } from '../audit-kinds.ts';
import { syncedRecord } from '../frame/record.ts';
import { recordLock } from '../lock.ts';
import { storedConflict } from './conflict.ts';
import { importSummary } from './import.ts';
import { givenMoment } from './moment.ts';
import type { Role } from './workspace.ts';

/** A text that Postgres can hold. */
const words = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => !text.includes('\0'));
const jsonObject = z.record(z.string(), z.unknown());

/** Which entries of the trail: all of what is given must hold. In the body, since a case id must not be in an address. */
export const auditFilter = z
  .object({
    /** From this moment on. */
    from: givenMoment.optional(),
    /** Up to, without, this moment. */
    to: givenMoment.optional(),
    /** Who did it: `user:<id>`, `system`, `setup`, `db:<role>`. */
    actors: z.array(words(200)).max(50).optional(),
    groups: z.array(z.enum(AUDIT_GROUPS)).max(AUDIT_GROUPS.length).optional(),
    /** Kinds of entries, such as `record-changed` or `lock-taken`. */
    kinds: z
      .array(
        z
          .string()
          .regex(/^[a-z]+(-[a-z]+)*$/)
          .max(64),
      )
      .max(100)
      .optional(),
    record: z.int().positive().optional(),
    /** A case id as it is or was: entries of all records that are or were in it. */
    case: words(200).optional(),
    /** Is somewhere in what was before or after, whatever its case. */
    text: words(200).optional(),
  })
  .strict();
export type AuditFilter = z.infer<typeof auditFilter>;

/** Where a list of entries is gone on from. Opaque; of one filter alone: with another one it is `cursor-of-another-query`. */
export const auditCursor = z.string().regex(/^[A-Za-z0-9_-]{1,500}$/);

/** What names an entry for good: `change:<id>` or `event:<id>`. */
export const auditKey = z.string().regex(/^(?:change|event):[1-9]\d{0,15}$/);

export const auditQuery = z
  .object({
    filter: auditFilter.default({}),
    /** `next` of the page before: older entries. */
    before: auditCursor.optional(),
    /** `previous` of the page before, in a list that was begun at the oldest: newer entries. */
    after: auditCursor.optional(),
    /** `newest` of the first page: entries that came since, for a list that stays current. */
    since: auditCursor.optional(),
    /** With `since`, keys of entries that were not sealed yet: `seals` says which of them are now. */
    unsealed: z.array(auditKey).max(500).optional(),
    /** At which end a list is begun; with a cursor it says nothing. */
    end: z.enum(['newest', 'oldest']).default('newest'),
    limit: z.int().min(1).max(500).default(100),
  })
  .strict();
export type AuditQuery = z.infer<typeof auditQuery>;

/** One entry of the trail: a change of a record, or an event. */
export const auditEntry = z.object({
  key: auditKey,
  /** UTC, with microseconds. */
  at: z.string(),
  kind: z.string(),
  /** `user:<id>`, `db:<role>`, `setup`, `system`. */
  actor: z.string(),
  actorName: z.string().nullable(),
  /** By what a record was changed: `web`, `cli`, `api`, `import`, `sql`. */
  via: z.string().nullable(),
  /** Network address. */
  address: z.string().nullable(),
  session: z.string().nullable(),
  workspace: z.uuid().nullable(),
  record: z.int().positive().nullable(),
  /** Version of the record after it. */
  version: z.int().positive().nullable(),
  /** Case of the record now, or the last one that it had. */
  caseId: z.string().nullable(),
  /** What or whom it is about: `user:<id>`, `lock:<id>`, `import:<id>`, … */
  subject: z.string().nullable(),
  subjectName: z.string().nullable(),
  operation: z.string().nullable(),
  import: z.uuid().nullable(),
  before: jsonObject.nullable(),
  after: jsonObject.nullable(),
  /** Number of the batch that seals it; null: not sealed yet. */
  seal: z.int().positive().nullable(),
  /** Its content was erased on request; that it was there is still proved. */
  isErased: z.boolean(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

/** Whether who has this role in a workspace may read its trail: page, API and terminal ask here. */
export function mayAudit(role: Role): boolean {
  return role === 'auditor' || role === 'admin';
}

/** Newest first. A page may hold fewer than were asked for, or none, and still lead on: it has looked through much that does not match. */
export const auditPage = z.object({
  entries: z.array(auditEntry),
  /**
   * Leads to older ones; null at the end. Behind `since` it is null, unless more came than fit: it then leads to the rest of them, and on to
   * what was there before.
   */
  next: auditCursor.nullable(),
  /** Leads to newer ones in a list that was begun at the oldest; null where the newest are reached, and in all other lists. */
  previous: auditCursor.nullable().default(null),
  /** Leads to what comes later than the list's first page. Entries may be given once more: `key` says which they are. */
  newest: auditCursor,
  /** Time of the last entry that was looked at for it, whether it matches or not; null at the end. */
  searchedTo: z.string().nullable(),
  /** Of the entries that `unsealed` named, those that are sealed now, by their batch. */
  seals: z.array(z.object({ key: auditKey, seal: z.int().positive() })).default([]),
});
export type AuditPage = z.infer<typeof auditPage>;

/** `fhir` is one Bundle, `fhir-ndjson` a resource a line. */
export const AUDIT_FORMATS = ['csv', 'jsonl', 'fhir', 'fhir-ndjson'] as const;
export type AuditFormat = (typeof AUDIT_FORMATS)[number];
export const auditExport = z.object({ filter: auditFilter.default({}), format: z.enum(AUDIT_FORMATS) }).strict();
export type AuditExport = z.infer<typeof auditExport>;

/** Of which case everything that is held is wanted: a case id as it is or was. In the body, since it must not be in an address. */
export const auditReportRequest = z.object({ case: words(200) }).strict();
export type AuditReportRequest = z.infer<typeof auditReportRequest>;

/** What a row of an imported file said about a record: it was refused, or taken with warnings. */
export const auditReportRow = z.object({
  import: z.uuid(),
  line: z.int(),
  outcome: z.enum(['rejected', 'warned']),
  vorgangsnummer: z.string().nullable(),
  findings: z.array(z.unknown()),
});

/** An edit with its answer, as it is kept so that a repetition gets the same. Of its records those of the case alone. */
export const auditReportOperation = z.object({
  operation: z.string(),
  user: z.string(),
  at: z.string(),
  items: z.array(z.unknown()),
  outcomes: z.array(z.unknown()),
});

/** Somebody looked at the trail, took it along, or had a report of a case made. */
export const auditReportReader = z.object({
  key: z.string(),
  at: z.string(),
  kind: z.string(),
  actor: z.string(),
  actorName: z.string().nullable(),
  address: z.string().nullable(),
  /** A record of the case was asked for; otherwise the list may have held it. */
  isNamed: z.boolean(),
});

/** All that is held about one case (R5.5). */
export const auditReport = z.object({
  case: z.string(),
  at: z.string(),
  /** As they are now. */
  records: z.array(syncedRecord),
  /** Ids of all records that are or were in the case, also of those that were deleted. */
  recordIds: z.array(z.int().positive()),
  /** Changes of them and events about them, oldest first. */
  history: z.array(auditEntry),
  conflicts: z.array(storedConflict),
  imports: z.array(importSummary),
  importRows: z.array(auditReportRow),
  operations: z.array(auditReportOperation),
  /** Held just now. */
  locks: z.array(recordLock),
  /** Who read the trail of the workspace since its first record came, newest first. */
  readers: z.array(auditReportReader),
  /** A part is longer than a report: the rest of it is in the trail. */
  isCut: z.boolean(),
});
export type AuditReport = z.infer<typeof auditReport>;
