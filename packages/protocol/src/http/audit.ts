import { z } from 'zod';
import { AUDIT_GROUPS } from '../audit-kinds.ts';

const moment = z.iso.datetime({ offset: true });
const jsonObject = z.record(z.string(), z.unknown());

/** Which entries of the trail: all of what is given must hold. In the body, since a case id must not be in an address. */
export const auditFilter = z
  .object({
    /** From this moment on. */
    from: moment.optional(),
    /** Up to, without, this moment. */
    to: moment.optional(),
    /** Who did it: `user:<id>`, `system`, `setup`, `db:<role>`. */
    actors: z.array(z.string().min(1).max(200)).max(50).optional(),
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
    case: z.string().min(1).max(200).optional(),
    /** Is somewhere in what was before or after, whatever its case. */
    text: z.string().min(1).max(200).optional(),
  })
  .strict();
export type AuditFilter = z.infer<typeof auditFilter>;

/** Where a list of entries is gone on from. Opaque; of one filter alone: with another one it is `cursor-of-another-query`. */
export const auditCursor = z.string().regex(/^[A-Za-z0-9_-]{1,500}$/);

export const auditQuery = z
  .object({
    filter: auditFilter.default({}),
    /** `next` of the page before: older entries. */
    before: auditCursor.optional(),
    /** `newest` of the first page: entries that came since, for a list that stays current. */
    since: auditCursor.optional(),
    limit: z.int().min(1).max(500).default(100),
  })
  .strict();
export type AuditQuery = z.infer<typeof auditQuery>;

/** One entry of the trail: a change of a record, or an event. */
export const auditEntry = z.object({
  /** Names it for good: `change:<id>` or `event:<id>`. */
  key: z.string().regex(/^(?:change|event):[1-9]\d*$/),
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

/** Newest first. */
export const auditPage = z.object({
  entries: z.array(auditEntry),
  /** Leads to older ones; null at the end. */
  next: auditCursor.nullable(),
  /** Leads to what comes later. */
  newest: auditCursor,
});
export type AuditPage = z.infer<typeof auditPage>;

export const AUDIT_FORMATS = ['csv', 'jsonl', 'fhir'] as const;
export const auditExport = z.object({ filter: auditFilter.default({}), format: z.enum(AUDIT_FORMATS) }).strict();
export type AuditExport = z.infer<typeof auditExport>;
