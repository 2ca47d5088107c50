import type { ImportedRow, InvitationWithSecret, NewInvitation } from '@meldesync/db';
import { describeError, type ErrorCode, type ImportedMembers, type MadeInvitation } from '@meldesync/protocol';
import { readMemberFile } from './read-member-file.ts';

type Row = ImportedMembers['rows'][number];

interface ImportWith {
  readonly language: 'de' | 'en';
  /** Invites them all, or throws and invites nobody. */
  readonly invite: (rows: readonly NewInvitation[]) => Promise<readonly ImportedRow[]>;
  readonly linkOf: (made: InvitationWithSecret) => MadeInvitation;
}

/** Invites everybody in a CSV file; what became of each row, in its order. Throws `file-unreadable` and `too-many-rows`. */
export async function importMembers(bytes: Uint8Array, { language, invite, linkOf }: ImportWith): Promise<Row[]> {
  const rows = readMemberFile(bytes);
  const taken = rows.flatMap((row) => ('wanted' in row ? row.wanted : []));
  const outcomes = taken.length === 0 ? [] : await invite(taken);
  let next = 0;
  return rows.map(({ line, email, ...row }) => {
    const rejected = (code: ErrorCode): Row => ({
      line,
      email,
      outcome: 'rejected',
      code,
      message: describeError(code, language),
      link: null,
    });
    if ('rejected' in row) return rejected(row.rejected);
    const outcome = outcomes[next++];
    if (!outcome) return rejected('internal');
    const link = outcome.outcome === 'invited' ? linkOf(outcome.made).link : null;
    return { line, email, outcome: outcome.outcome, code: null, message: null, link };
  });
}
