import { SyncError } from '@meldesync/client';
import type { AdministeredMember, MemberChange, Role } from '@meldesync/protocol';
import { type AdminService, openAdminWorkspace } from '../../admin/admin-service.ts';
import { confirm } from '../../admin/confirm.ts';
import { findOne } from '../../admin/find-one.ts';
import { describeMemberState, momentOrNone } from '../../admin/people-text.ts';
import { column, type List } from '../../admin/print-table.ts';
import { report } from '../../admin/report.ts';
import { untilOrNever } from '../../admin/until.ts';
import type { CliContext } from '../../context.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { describeRole } from '../../output/role.ts';
import { printable } from '../../output/text.ts';
import type { CliCommand } from '../../program/command.ts';
import { oneOf } from '../../program/option-values.ts';
import { type AdminOptions, addCommand, addGroup, addList, type GroupParts, ROLES, roleOption } from './parts.ts';

interface AddOptions extends AdminOptions {
  readonly role: Role;
  readonly until?: string | null;
}

/** `meldesync admin members …` */
export function registerAdminMembers(parent: CliCommand, parts: GroupParts): void {
  const { context } = parts;
  const { t } = context;
  const group = addGroup(parent, parts, 'members', t('help.adminMembers'));
  const member = ['<member>', t('help.adminMemberArgument')] as const;
  addList(group, parts, t('help.adminMembersList'), (options) => list(context, options));
  addCommand<AddOptions>(
    group,
    parts,
    { name: 'add', description: t('help.adminMembersAdd'), args: [['<account>', t('help.adminAccountArgument')]] },
    async (options, [wanted = '']) => add(context, options, wanted),
  )
    .addOption(roleOption('--role <role>', t('help.adminRoleOption'), ROLES))
    .option('--until <moment>', t('help.adminUntilOption'), untilOrNever('--until'));
  registerChanges(group, parts, member);
  addCommand(
    group,
    parts,
    { name: 'remove', description: t('help.adminMembersRemove'), args: [member], asks: true },
    async (options, [wanted = '']) => {
      const { admin, workspace } = await openAdminWorkspace(context, options);
      const found = findOne(await admin.administeredMembers(workspace.id), wanted);
      const names = { name: printable(found.name), workspace: printable(workspace.name) };
      await confirm(context, t('admin.confirmRemove', names), options);
      await admin.removeMember(workspace.id, found.id, found.version);
      return report(context, options, { removed: found.id }, t('admin.memberRemoved', names));
    },
  );
}

function registerChanges(group: CliCommand, parts: GroupParts, member: readonly [string, string]): void {
  const { context } = parts;
  const { t } = context;
  const register = (
    name: string,
    description: string,
    more: readonly (readonly [string, string])[],
    changeOf: (value: string) => MemberChange,
  ) =>
    addCommand(
      group,
      parts,
      { name, description, args: [member, ...more] },
      async (options, [wanted = '', value = '']) => change(context, options, wanted, changeOf(value)),
    );
  const parseRole = oneOf('ROLE', ROLES);
  const parseUntil = untilOrNever('MOMENT');
  register('role', t('help.adminMembersRole'), [['<role>', ROLES.join(', ')]], (role) => ({ role: parseRole(role) }));
  register('until', t('help.adminMembersUntil'), [['<moment>', t('help.adminUntilOption')]], (moment) => ({
    expiresAt: parseUntil(moment),
  }));
  register('suspend', t('help.adminMembersSuspend'), [], () => ({ isSuspended: true }));
  register('resume', t('help.adminMembersResume'), [], () => ({ isSuspended: false }));
}

async function list(context: CliContext, options: AdminOptions): Promise<List<AdministeredMember>> {
  const { t } = context;
  const { admin, workspace } = await openAdminWorkspace(context, options);
  const members = await admin.administeredMembers(workspace.id);
  return {
    json: { members },
    rows: members,
    columns: [
      column(t('admin.name'), ({ name }) => name),
      column(t('admin.email'), ({ kind, email }) => (kind === 'service' ? t('admin.serviceAccount') : email), 10),
      column(t('admin.role'), ({ role }) => describeRole(role, t), 6),
      column(t('admin.state'), (member) => describeMemberState(context, member), 6),
      column(t('admin.until'), ({ expiresAt }) => momentOrNone(context, expiresAt), 8, 2),
      column(t('admin.lastSeen'), ({ lastSeenAt }) => momentOrNone(context, lastSeenAt), 8, 3),
      column(t('admin.id'), ({ id }) => id, 12, 1),
    ],
  };
}

async function add(context: CliContext, options: AddOptions, wanted: string): Promise<ExitCode> {
  const service = await openAdminWorkspace(context, options);
  const { role, until } = options;
  const account = await findAccount(service, wanted);
  const added = await service.admin.addMember(service.workspace.id, {
    account,
    role,
    ...(until === undefined ? {} : { expiresAt: until }),
  });
  return reportMember(context, options, added);
}

/** Who only administers a workspace sees no accounts, and has to say an id. */
async function findAccount({ admin }: AdminService, wanted: string): Promise<string> {
  try {
    return findOne(await admin.accounts(), wanted).id;
  } catch (error) {
    if (error instanceof SyncError && error.code === 'forbidden') return wanted;
    throw error;
  }
}

async function change(
  context: CliContext,
  options: AdminOptions,
  wanted: string,
  wantedChange: MemberChange,
): Promise<ExitCode> {
  const { admin, workspace } = await openAdminWorkspace(context, options);
  const found = findOne(await admin.administeredMembers(workspace.id), wanted);
  return reportMember(context, options, await admin.changeMember(workspace.id, found.id, found.version, wantedChange));
}

function reportMember(context: CliContext, options: AdminOptions, member: AdministeredMember): ExitCode {
  const { t, dates } = context;
  const said = {
    name: printable(member.name),
    role: describeRole(member.role, t),
    state: describeMemberState(context, member),
  };
  const sentence =
    member.expiresAt === null
      ? t('admin.memberIs', said)
      : t('admin.memberIsUntil', { ...said, moment: dates.full(member.expiresAt) });
  return report(context, options, member, sentence);
}
