import { MAX_EMAIL_LENGTH, MAX_NAME_LENGTH, PASSWORD_LENGTH } from '@meldesync/domain';
import { z } from 'zod';
import { readableList } from '../readable-list.ts';
import { moment } from './moment.ts';
import { limitRole, role } from './workspace.ts';

/** As it was typed; what a name may be is `personName` of the domain, and breaking it is `name-invalid`. */
const nameText = z.string().max(MAX_NAME_LENGTH * 4);
const emailText = z.string().max(MAX_EMAIL_LENGTH * 2);
/** Room for `PASSWORD_LENGTH.most` characters of two halves each; a longer one is `password-too-long`. */
export const passwordText = z.string().max(2 * PASSWORD_LENGTH.most);
/** Which account is meant; no text in the database holds a NUL. */
const accountId = z
  .string()
  .min(1)
  .max(100)
  .refine((text) => !text.includes('\0'));
/** The secret part of a one-time link: what follows `#` in its address, which no server and no log sees. */
const secret = z.string().min(20).max(100);

/** A workspace as its administrators see it. */
export const administeredWorkspace = z.object({
  id: z.uuid(),
  name: z.string(),
  createdAt: moment,
  archivedAt: moment.nullable(),
  isDemo: z.boolean(),
  /** For `If-Match`. */
  version: z.number().int(),
  members: z.number().int(),
});
export type AdministeredWorkspace = z.infer<typeof administeredWorkspace>;
export const administeredWorkspaceList = z.object({ workspaces: z.array(administeredWorkspace) });
export const receivedWorkspaceList = z.object({ workspaces: readableList(administeredWorkspace) });

export const newWorkspace = z.object({ name: nameText });
export const workspaceChange = z.object({ name: nameText.optional(), isArchived: z.boolean().optional() });
export type WorkspaceChange = z.infer<typeof workspaceChange>;

/** A member as the administrators of the workspace see them. */
export const administeredMember = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  kind: z.enum(['person', 'service']),
  role,
  createdAt: moment,
  expiresAt: moment.nullable(),
  suspendedAt: moment.nullable(),
  /** Their account is disabled everywhere. */
  isDisabled: z.boolean(),
  /** When a session of theirs was last used; null for never. */
  lastSeenAt: moment.nullable(),
  version: z.number().int(),
});
export type AdministeredMember = z.infer<typeof administeredMember>;
export const administeredMemberList = z.object({ members: z.array(administeredMember) });
export const receivedAdministeredMemberList = z.object({ members: readableList(administeredMember) });

/** Somebody who has an account is taken into the workspace. */
export const newMember = z.object({ account: accountId, role, expiresAt: moment.nullable().optional() });
export type NewMember = z.infer<typeof newMember>;
export const memberChange = z.object({
  role: role.optional(),
  expiresAt: moment.nullable().optional(),
  isSuspended: z.boolean().optional(),
});
export type MemberChange = z.infer<typeof memberChange>;

/** An invitation; its link is told once, to who made it. */
export const invitation = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string().nullable(),
  role,
  memberExpiresAt: moment.nullable(),
  createdBy: z.string().nullable(),
  createdAt: moment,
  expiresAt: moment,
  state: z.enum(['open', 'expired', 'accepted', 'revoked']),
});
export type Invitation = z.infer<typeof invitation>;
export const invitationList = z.object({ invitations: z.array(invitation) });
export const receivedInvitationList = z.object({ invitations: readableList(invitation) });

export const newInvitation = z.object({
  email: emailText,
  name: nameText.optional(),
  role,
  memberExpiresAt: moment.nullable().optional(),
});
export type NewInvitation = z.infer<typeof newInvitation>;
/** The address to send, whose secret is behind `#`, and a text for a mail in the language of the request. */
export const oneTimeLink = z.object({ url: z.string(), expiresAt: moment, mailText: z.string() });
export type OneTimeLink = z.infer<typeof oneTimeLink>;
export const madeInvitation = z.object({ invitation, link: oneTimeLink });
export type MadeInvitation = z.infer<typeof madeInvitation>;

/** What became of each row of a CSV file of members: `email;name;role;expires`. */
export const importedMemberRow = z.object({
  line: z.number().int(),
  email: z.string(),
  outcome: z.enum(['invited', 'unchanged', 'rejected']),
  /** Why it was rejected: a code of the catalogue, and its sentence. */
  code: z.string().nullable(),
  message: z.string().nullable(),
  link: oneTimeLink.nullable(),
});
export const importedMembers = z.object({ rows: z.array(importedMemberRow) });
export type ImportedMembers = z.infer<typeof importedMembers>;

/** An account as an administrator of the installation sees it. */
export const administeredAccount = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  kind: z.enum(['person', 'service']),
  isInstallationAdmin: z.boolean(),
  isDemo: z.boolean(),
  createdAt: moment,
  disabledAt: moment.nullable(),
  lastSeenAt: moment.nullable(),
  hasPassword: z.boolean(),
  hasSecondFactor: z.boolean(),
  passkeys: z.number().int(),
  /** Providers of single sign-on that it is linked to. */
  providers: z.array(z.string()),
  sessions: z.number().int(),
  workspaces: z.array(z.object({ id: z.uuid(), name: z.string(), role })),
});
export type AdministeredAccount = z.infer<typeof administeredAccount>;
export const administeredAccountList = z.object({ accounts: z.array(administeredAccount) });
export const receivedAccountList = z.object({ accounts: readableList(administeredAccount) });

export const newAccount = z.object({ name: nameText, email: emailText, isInstallationAdmin: z.boolean().optional() });
export type NewAccount = z.infer<typeof newAccount>;
/** An account with the link by which its person chooses a password. */
export const madeAccount = z.object({ account: administeredAccount, link: oneTimeLink });
export type MadeAccount = z.infer<typeof madeAccount>;
export const accountChange = z.object({
  name: nameText.optional(),
  email: emailText.optional(),
  isDisabled: z.boolean().optional(),
  isInstallationAdmin: z.boolean().optional(),
});
export type AccountChange = z.infer<typeof accountChange>;
/** Into which account another one of the same person goes. */
export const accountMerge = z.object({ into: accountId });
export const endedSessions = z.object({ ended: z.number().int() });
export const endedTokens = z.object({ ended: z.number().int() });

/** A token of a program; the token itself is told once, to who made it. */
export const serviceToken = z.object({
  id: z.string(),
  label: z.string(),
  /** What it may do at most. */
  maxRole: limitRole,
  createdAt: moment,
  expiresAt: moment,
  lastUsedAt: moment.nullable(),
});
export type ServiceToken = z.infer<typeof serviceToken>;
export const serviceAccount = z.object({ member: administeredMember, tokens: z.array(serviceToken) });
export type ServiceAccount = z.infer<typeof serviceAccount>;
export const serviceAccountList = z.object({ accounts: z.array(serviceAccount) });
export const newServiceAccount = z.object({ name: nameText, role: limitRole });
export type NewServiceAccount = z.infer<typeof newServiceAccount>;
export const newServiceToken = z.object({ label: nameText, maxRole: limitRole, expiresAt: moment });
export type NewServiceToken = z.infer<typeof newServiceToken>;
export const madeServiceToken = z.object({ token: serviceToken, secret: z.string() });
export type MadeServiceToken = z.infer<typeof madeServiceToken>;

/** What somebody did to people or workspaces. */
export const administrationEvent = z.object({
  id: z.number().int(),
  at: z.string(),
  kind: z.string(),
  /** `user:<id>`, `setup` or `system`. */
  actor: z.string(),
  actorName: z.string().nullable(),
  address: z.string().nullable(),
  workspace: z.uuid().nullable(),
  subject: z.string().nullable(),
  subjectName: z.string().nullable(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
});
export type AdministrationEvent = z.infer<typeof administrationEvent>;
/** Newest first; `next` is the id to go on before, null at the end. */
export const administrationEventPage = z.object({
  events: z.array(administrationEvent),
  next: z.number().int().nullable(),
});

/** What who is not signed in may know: how one signs in here, and whether the installation waits for its first administrator. */
export const entry = z.object({
  needsSetUp: z.boolean(),
  /** People sign in with e-mail address and password. */
  passwords: z.boolean(),
  passkeys: z.boolean(),
  /** Single sign-on: what its button says; null without one. */
  singleSignOn: z.object({ name: z.string() }).nullable(),
  isDemo: z.boolean(),
});
export type Entry = z.infer<typeof entry>;

export const linkSecret = z.object({ secret });
export const setUp = z.object({
  secret,
  name: nameText,
  email: emailText,
  password: passwordText,
  workspace: nameText,
});
export type SetUp = z.infer<typeof setUp>;
/** What an invitation says to who holds its link. */
export const shownInvitation = z.object({
  workspace: z.string(),
  email: z.string(),
  name: z.string().nullable(),
  role,
  invitedBy: z.string().nullable(),
  expiresAt: moment,
  /** There is an account of that address already: it is accepted by its person, signed in. */
  hasAccount: z.boolean(),
});
export type ShownInvitation = z.infer<typeof shownInvitation>;
/** `name` and `password` make the account where there is none; else the person is signed in with the address that was invited. */
export const acceptedInvitation = z.object({ secret, name: nameText.optional(), password: passwordText.optional() });
export type AcceptedInvitation = z.infer<typeof acceptedInvitation>;
export const joinedWorkspace = z.object({ workspace: z.uuid(), email: z.string() });
/** Whose password a link is for. */
export const shownPasswordLink = z.object({ email: z.string(), name: z.string(), expiresAt: moment });
export type ShownPasswordLink = z.infer<typeof shownPasswordLink>;
export const chosenPassword = z.object({ secret, password: passwordText });
