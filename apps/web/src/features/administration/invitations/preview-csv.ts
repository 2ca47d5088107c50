import { type MemberRow, type MemberRowProblem, readMemberFile } from '@meldesync/domain/members';

/** What a row will come to: an invitation, nothing, or why not; each has a text in `administration.csv`. */
type RowOutcome =
  | 'willInvite'
  | 'alreadyInvited'
  | 'alreadyMember'
  | 'twice'
  | 'noEmail'
  | 'noName'
  | 'noRole'
  | 'noDay';

const OUTCOME_OF: Readonly<Record<MemberRowProblem, RowOutcome>> = {
  email: 'noEmail',
  name: 'noName',
  role: 'noRole',
  expires: 'noDay',
  twice: 'twice',
};

/** A row of the file, and what it will come to. */
export type PreviewRow = MemberRow & { readonly outcome: RowOutcome };

/** What a file of members will come to; null where it is none. */
type Preview = readonly PreviewRow[] | null;

/** Addresses, in lower case, that need no invitation. */
interface KnownAddresses {
  readonly members: ReadonlySet<string>;
  readonly invited: ReadonlySet<string>;
}

/** Looks at a file of members before anything is done; what counts is what the service says. `now` in epoch milliseconds. */
export function previewOf(text: string, known: KnownAddresses, now: number): Preview {
  const rows = readMemberFile(text, now);
  return rows && rows.map((row) => ({ ...row, outcome: outcomeOf(row, known) }));
}

function outcomeOf({ problem, email }: MemberRow, { members, invited }: KnownAddresses): RowOutcome {
  if (problem !== null) return OUTCOME_OF[problem];
  if (members.has(email)) return 'alreadyMember';
  return invited.has(email) ? 'alreadyInvited' : 'willInvite';
}
