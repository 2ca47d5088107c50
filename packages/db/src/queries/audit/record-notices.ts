import type { AuditEventKind, AuditNoticeKind } from '@meldesync/protocol';
import { sql } from 'drizzle-orm';
import type { Database } from '../../connect.ts';
import type { Author } from '../administration/act.ts';
import { claimSubjects } from './claim-subjects.ts';

/** Something that happened, told after the fact. Holds no case id and no Vorgangsnummer. */
export interface NewNotice extends Author {
  readonly kind: AuditNoticeKind | 'conflict-met' | 'conflict-resolved';
  readonly workspaceId: string | null;
  readonly subject: string | null;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  /** It is left out where an event of one of these kinds is there of its subject: several processes may notice the same. */
  readonly unless?: readonly AuditEventKind[] | undefined;
}

/** A notice, and how long ago it happened, asked as late as can be: the time of an entry is the server’s. */
export interface DatedNotice {
  readonly notice: NewNotice;
  readonly ageMs: () => number;
}

/** Notices were not written, or nobody can say whether they were: then it holds the transaction that knows. */
export class NoticesUnwrittenError extends Error {
  /** Whose commit was not heard of; undefined where it certainly was none. */
  readonly txid: string | undefined;

  constructor(txid: string | undefined, options: ErrorOptions) {
    super('notices were not written', options);
    this.name = 'NoticesUnwrittenError';
    this.txid = txid;
  }
}

/** Writes notices in their order, all or none. Throws a `NoticesUnwrittenError`. */
export async function recordNotices(database: Database, dated: readonly DatedNotice[]): Promise<void> {
  let txid: string | undefined;
  try {
    await database.drizzle.transaction(async (tx) => {
      const claimed = dated.flatMap(({ notice: { unless, subject } }) => (unless && subject !== null ? subject : []));
      // Before the statement that looks what is there.
      await claimSubjects(tx, claimed);
      const { rows } = await tx.execute<{ txid: string | null }>(sql`
        with told as (
          insert into events (at, kind, actor, session_id, address, workspace_id, subject, before, after)
          select clock_timestamp() - greatest("ageMs", 0) * interval '1 millisecond', kind, actor, "sessionId", address, "workspaceId", subject, before, after
          from rows from (jsonb_to_recordset(${JSON.stringify(dated.map(rowOf))}::jsonb) as (
            "ageMs" float8, kind text, actor text, "sessionId" text, address text, "workspaceId" uuid, subject text, before jsonb, after jsonb,
            unless text[]
          )) with ordinality as notice
          where unless is null or not exists (
            select from events other where other.subject = notice.subject and other.kind = any(unless)
          )
          order by ordinality
          returning txid
        ) select min(txid) as txid from told`);
      txid = rows[0]?.txid ?? undefined;
    });
  } catch (error) {
    throw new NoticesUnwrittenError(txid, { cause: error });
  }
}

function rowOf({ notice, ageMs }: DatedNotice): Record<string, unknown> {
  return { ...notice, ageMs: ageMs() };
}

/** What became of a transaction whose commit was not heard of. */
export async function fateOf(database: Database, txid: string): Promise<'committed' | 'open' | 'gone'> {
  const { rows } = await database.drizzle.execute<{ status: string | null }>(
    sql`select pg_xact_status(${txid}::text::xid8) as status`,
  );
  const status = rows[0]?.status;
  if (status === 'committed') return 'committed';
  return status === 'in progress' ? 'open' : 'gone';
}
