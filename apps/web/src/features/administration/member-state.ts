import type { AdministeredMember } from '@meldesync/protocol';

/** How a membership stands: the strongest of what keeps somebody out. */
export type MemberState = 'active' | 'suspended' | 'expired' | 'disabled';

export function memberState(
  member: Pick<AdministeredMember, 'isDisabled' | 'suspendedAt' | 'expiresAt'>,
  now: number,
): MemberState {
  if (member.isDisabled) return 'disabled';
  if (member.suspendedAt !== null) return 'suspended';
  return member.expiresAt !== null && Date.parse(member.expiresAt) <= now ? 'expired' : 'active';
}

/** Those whose name or address contains the text, in the order of their names. */
export function matching<Row extends { readonly name: string; readonly email: string }>(
  rows: readonly Row[],
  text: string,
  locale: string,
): Row[] {
  const wanted = text.trim().toLocaleLowerCase(locale);
  return rows
    .filter(({ name, email }) => `${name}\n${email}`.toLocaleLowerCase(locale).includes(wanted))
    .toSorted((one, other) => one.name.localeCompare(other.name, locale) || one.email.localeCompare(other.email));
}
