import type { ImportedRow, InvitationWithSecret, NewInvitation } from '@meldesync/db';
import { decodeMemberFile, MAX_MEMBER_ROWS, type MemberRowProblem, readMemberFile } from '@meldesync/domain/members';
import { describeError, type ErrorCode, type ImportedMembers, type MadeInvitation } from '@meldesync/protocol';
import { CodedError } from '../coded-error.ts';

type Row = ImportedMembers['rows'][number];

interface ImportWith {
  readonly language: 'de' | 'en';
  /** By whose clock days end; undefined for the one of this machine. */
  readonly timeZone: string | undefined;
  /** Invites them all, or throws and invites nobody; throws too where whoever asks may invite nobody. */
  readonly invite: (rows: readonly NewInvitation[]) => Promise<readonly ImportedRow[]>;
  readonly linkOf: (made: InvitationWithSecret) => MadeInvitation;
}

/** What the catalogue calls what is wrong with a row. */
const CODE_OF: Readonly<Record<MemberRowProblem, ErrorCode>> = {
  email: 'email-invalid',
  name: 'name-invalid',
  role: 'role-unknown',
  expires: 'expiry-invalid',
  twice: 'address-repeated',
};

/** Longest address that an answer repeats: what is none may be anything. */
const MAX_SHOWN = 254;

/** Invites everybody in a CSV file; what became of each row, in its order. Throws `file-unreadable` and `too-many-rows`. */
export async function importMembers(bytes: Uint8Array, input: ImportWith): Promise<Row[]> {
  const { language, timeZone, invite, linkOf } = input;
  const rows = readMemberFile(decodeMemberFile(bytes), Date.now(), timeZone);
  if (!rows) throw new CodedError('file-unreadable', 'no file of members');
  if (rows.length > MAX_MEMBER_ROWS) throw new CodedError('too-many-rows', 'too many rows');
  const wanted = rows.flatMap((row) => {
    if (row.problem !== null) return [];
    const { email, name, role, expiresAt: memberExpiresAt } = row;
    return { email, name, role, memberExpiresAt };
  });
  // Asked also when there is nobody to invite: whoever may not is refused, whatever is in their file.
  const outcomes = await invite(wanted);
  let next = 0;
  return rows.map(({ line, problem, ...row }) => {
    const email = row.email.slice(0, MAX_SHOWN);
    const rejected = (code: ErrorCode): Row => ({
      line,
      email,
      outcome: 'rejected',
      code,
      message: describeError(code, language),
      link: null,
    });
    if (problem !== null) return rejected(CODE_OF[problem]);
    const outcome = outcomes[next++];
    if (!outcome) return rejected('internal');
    const link = outcome.outcome === 'invited' ? linkOf(outcome.made).link : null;
    return { line, email, outcome: outcome.outcome, code: null, message: null, link };
  });
}
