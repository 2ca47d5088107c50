import type { Author, NewEvent, NewNotice, Origin } from '@meldesync/db';
import type { AuditNoticeKind } from '@meldesync/protocol';

/** What this node notes of what happens (R5.1, R5.3). Nobody waits for it to be written, and nothing fails because it is not. */
export interface Trail {
  readonly note: (notice: NewNotice) => void;
  /** Something happened that is not on record, and cannot be noted any more: that is counted, and said. */
  readonly untold: (kind: NewNotice['kind'] | NewEvent['kind']) => void;
}

/** Nobody notes anything. */
export const UNRECORDED: Trail = { note: () => undefined, untold: () => undefined };

/** Carries out an act that the database does not hold, and puts it on record with it, or does neither. */
export type RecordWith = <T>(
  record: { readonly author: Author; readonly event: NewEvent },
  act: () => Promise<T>,
) => Promise<T>;

/** What is noted, but for who it was. */
interface Happened {
  readonly kind: AuditNoticeKind;
  readonly workspace: string | null;
  readonly subject: string;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly unless?: NewNotice['unless'];
}

/** A notice of what a person did, or of what became of something of theirs. */
export function noticeOf(user: string, { sessionId, address }: Origin, happened: Happened): NewNotice {
  const { kind, workspace, subject, before = null, after = null, unless } = happened;
  return {
    kind,
    actor: `user:${user}`,
    sessionId,
    address,
    workspaceId: workspace,
    subject,
    before,
    after,
    ...(unless && { unless }),
  };
}
