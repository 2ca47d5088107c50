import { and, eq } from 'drizzle-orm';
import type { Database, Executor } from '../../connect.ts';
import { account, user } from '../../schema/index.ts';
import { ActRefusedError, oneRow, recordEvent } from '../administration/act.ts';
import { lockInstallation } from '../administration/authority.ts';
import { insertAccount } from '../administration/new-account.ts';
import { newId } from '../administration/secrets.ts';
import { dropUnproven } from './drop-unproven.ts';
import { type FollowedGroups, followGroups } from './follow-groups.ts';
import {
  type AdmissionPolicy,
  issuerPrefix,
  type ProviderPerson,
  providerAccountId,
  SINGLE_SIGN_ON,
} from './provider-person.ts';
import { lockOpenInvitations, type OpenInvitation, takeInvitations } from './take-invitations.ts';

/** Who was let in, and what of the groups could not be followed. */
export interface Admission extends FollowedGroups {
  readonly userId: string;
  /** Their address here. */
  readonly email: string;
}

export interface AdmissionInput {
  readonly person: ProviderPerson;
  readonly policy: AdmissionPolicy;
  /** The network address they come from. */
  readonly address: string | null;
}

/**
 * Finds, links or makes the account of somebody whom the provider has let in, takes up the invitations of their address, and gives them
 * what their groups give: one transaction, with a row in `events` for each. Throws `ActRefusedError`: `sso-not-invited`,
 * `sso-email-unverified`, `sso-other-account`, `account-disabled`; nothing of it is left then.
 */
export async function admitProviderPerson(database: Database, input: AdmissionInput): Promise<Admission> {
  return database.drizzle.transaction(async (tx) => {
    // Two sign-ins of one person at the same time would make two accounts, and one of them fail.
    await lockInstallation(tx);
    const { person, policy, address } = input;
    const invitations = canTrust(input) ? await lockOpenInvitations(tx, person.email) : [];
    const userId =
      (await findLinked(tx, person)) ?? (await linkByEmail(tx, input)) ?? (await makeAccount(tx, input, invitations));
    await takeInvitations(tx, { userId, invitations, address });
    const followed = await followGroups(tx, { userId, person, policy, address });
    const { email } = oneRow(await tx.select({ email: user.email }).from(user).where(eq(user.id, userId)));
    return { userId, email, ...followed };
  });
}

function canTrust({ person, policy }: AdmissionInput): boolean {
  return policy.linksByEmail && person.isEmailTrusted;
}

async function findLinked(tx: Executor, person: ProviderPerson): Promise<string | undefined> {
  const [found] = await tx
    .select({ id: user.id, disabledAt: user.disabledAt })
    .from(account)
    .innerJoin(user, eq(user.id, account.userId))
    .where(and(eq(account.providerId, SINGLE_SIGN_ON), eq(account.accountId, providerAccountId(person))));
  if (found?.disabledAt) throw new ActRefusedError('account-disabled');
  return found?.id;
}

/** Links the account that has their address, where there is one. */
async function linkByEmail(tx: Executor, input: AdmissionInput): Promise<string | undefined> {
  const { person, address } = input;
  const { email } = person;
  if (email === undefined) return undefined;
  const [found] = await tx
    .select({
      id: user.id,
      kind: user.kind,
      isDemo: user.isDemo,
      disabledAt: user.disabledAt,
      isAddressUnproven: user.isAddressUnproven,
    })
    .from(user)
    .where(eq(user.email, email));
  if (!found) return undefined;
  if (!input.policy.linksByEmail || found.kind !== 'person' || found.isDemo)
    throw new ActRefusedError('sso-not-invited');
  if (!person.isEmailTrusted) throw new ActRefusedError('sso-email-unverified');
  if (found.disabledAt) throw new ActRefusedError('account-disabled');
  await requireUnlinked(tx, found.id, person);
  const author = authorOf(found.id, address);
  const gone = found.isAddressUnproven ? await dropUnproven(tx, author, found.id) : undefined;
  await tx.update(user).set({ emailVerified: true, isAddressUnproven: false }).where(eq(user.id, found.id));
  await linkAccount(tx, found.id, person);
  await recordEvent(tx, author, {
    kind: 'account-linked',
    subject: `user:${found.id}`,
    ...(gone && { before: gone }),
    after: { provider: SINGLE_SIGN_ON },
  });
  return found.id;
}

/** An address may have gone to somebody else meanwhile: they are not to come into an account that the provider knows another for. */
async function requireUnlinked(tx: Executor, userId: string, { issuer }: ProviderPerson): Promise<void> {
  const links = await tx
    .select({ accountId: account.accountId })
    .from(account)
    .where(and(eq(account.providerId, SINGLE_SIGN_ON), eq(account.userId, userId)));
  if (links.some(({ accountId }) => accountId.startsWith(issuerPrefix(issuer))))
    throw new ActRefusedError('sso-other-account');
}

async function makeAccount(
  tx: Executor,
  { person, policy, address }: AdmissionInput,
  invitations: readonly OpenInvitation[],
): Promise<string> {
  const { email } = person;
  const isAwaited = policy.isJustInTime && hasGroup(person, policy);
  if (email === undefined || !person.isEmailTrusted) {
    // Only who might come in is told what is wrong.
    throw new ActRefusedError(policy.linksByEmail || isAwaited ? 'sso-email-unverified' : 'sso-not-invited');
  }
  if (invitations.length === 0 && !isAwaited) throw new ActRefusedError('sso-not-invited');
  const name = invitations.find((invitation) => invitation.name !== null)?.name ?? person.name;
  const id = await insertAccount(tx, { name, email });
  await linkAccount(tx, id, person);
  await recordEvent(tx, authorOf(id, address), {
    kind: 'account-created',
    subject: `user:${id}`,
    after: { name, email, provider: SINGLE_SIGN_ON },
  });
  return id;
}

/** Whether one of their groups gives anything; with no groups set, there is nothing to ask for. */
function hasGroup({ groups }: ProviderPerson, { groupRoles, adminGroup }: AdmissionPolicy): boolean {
  const named = new Set([...groupRoles.map(({ group }) => group), ...(adminGroup === undefined ? [] : [adminGroup])]);
  return named.size === 0 || groups.some((group) => named.has(group));
}

async function linkAccount(tx: Executor, userId: string, person: ProviderPerson): Promise<void> {
  await tx
    .insert(account)
    .values({ id: newId(), userId, providerId: SINGLE_SIGN_ON, accountId: providerAccountId(person) });
}

function authorOf(userId: string, address: string | null) {
  return { actor: `user:${userId}`, sessionId: null, address };
}
