import type { AdministeredAccount, AdministeredMember, Invitation } from '@meldesync/protocol';
import type { CliContext } from '../context.ts';

/** How it stands with a member, in a word. */
export function describeMemberState({ t }: CliContext, member: AdministeredMember, now = new Date()): string {
  if (member.isDisabled) return t('admin.stateDisabled');
  if (member.suspendedAt !== null) return t('admin.stateSuspended');
  const isOver = member.expiresAt !== null && new Date(member.expiresAt) <= now;
  return isOver ? t('admin.stateExpired') : t('admin.stateActive');
}

/** What there is to say of an account: what it may, and how it is protected. */
export function describeAccountState({ t }: CliContext, account: AdministeredAccount): string {
  const said = [
    account.disabledAt === null ? undefined : t('admin.stateDisabled'),
    account.isInstallationAdmin ? t('admin.installationAdmin') : undefined,
    account.isDemo ? t('admin.demo') : undefined,
    account.kind === 'service' ? t('admin.serviceAccount') : undefined,
    account.hasSecondFactor || account.passkeys > 0 ? t('admin.secondFactor') : undefined,
  ];
  return said.filter((word) => word !== undefined).join(', ') || t('admin.stateActive');
}

export function describeInvitationState({ t }: CliContext, { state }: Invitation): string {
  const words: Record<Invitation['state'], string> = {
    open: t('admin.invitationOpen'),
    expired: t('admin.invitationExpired'),
    accepted: t('admin.invitationAccepted'),
    revoked: t('admin.invitationRevoked'),
  };
  return words[state];
}

/** A moment in short, or a dash for none. */
export function momentOrNone({ t, dates }: CliContext, moment: string | null): string {
  return moment === null ? t('common.none') : dates.short(moment);
}
