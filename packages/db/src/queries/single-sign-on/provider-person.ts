import type { GroupRole } from '@meldesync/config';

/** The one provider of single sign-on, as better-auth's tables call it. */
export const SINGLE_SIGN_ON = 'oidc';

/** Somebody as the provider of single sign-on tells of them; its signature has been looked at. */
export interface ProviderPerson {
  readonly issuer: string;
  /** Names them at this issuer, for good. */
  readonly subject: string;
  /** In lower case; undefined where the provider names none. */
  readonly email: string | undefined;
  /** The address may lead to an account or an invitation: it is theirs, as the provider says. */
  readonly isEmailTrusted: boolean;
  /** What an account that is made now is called. */
  readonly name: string;
  readonly groups: readonly string[];
}

/** Who is let in. */
export interface AdmissionPolicy {
  /** An address that is theirs leads to an account or an invitation of that address. */
  readonly linksByEmail: boolean;
  /** An account is made for whoever the provider lets in; where groups decide, only for whose group is named. */
  readonly isJustInTime: boolean;
  readonly groupRoles: readonly GroupRole[];
  /** Its people administer the installation. */
  readonly adminGroup: string | undefined;
}

/** What the link of an account with the provider's is called: a subject says something at its own issuer only. */
export function providerAccountId({ issuer, subject }: Pick<ProviderPerson, 'issuer' | 'subject'>): string {
  return `${issuerPrefix(issuer)}${subject}`;
}

/** What the links of all accounts of an issuer begin with. */
export function issuerPrefix(issuer: string): string {
  return `${issuer}|`;
}
