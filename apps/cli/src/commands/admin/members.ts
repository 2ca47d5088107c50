import { SyncError } from '@meldesync/client';
import type { AdministeredMember, MemberChange, Role } from '@meldesync/protocol';
import { type AdminService, openAdminWorkspace } from '../../admin/admin-service.ts';
import { confirm } from '../../admin/confirm.ts';
import { findOne } from '../../admin/find-one.ts';
import { describeMemberState, momentOrNone } from '../../admin/people-text.ts';
import { column, printTable } from '../../admin/print-table.ts';
import { untilOrNever } from '../../admin/until.ts';
import { type CliContext, print } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { printJson } from '../../output/json.ts';
import { describeRole } from '../../output/role.ts';
import { printable } from '../../output/text.ts';
import type { CliCommand } from '../../program/command.ts';
import { oneOf } from '../../program/option-values.ts';
import { type AdminOptions, addCommand, addGroup, type GroupParts, ROLES, roleOption } from './parts.ts';

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
  addCommand(
    group,
    parts,
    { name: 'list', description: t('help.adminMembersList'), isDefault: true },
    async (options) => list(context, options),
  );
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
      if (options.json) printJson(context, { removed: found.id });
      else print(context, t('admin.memberRemoved', names));
      return EXIT.ok;
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

async function list(context: CliContext, options: AdminOptions): Promise<ExitCode> {
  const { t } = context;
  const { admin, workspace } = await openAdminWorkspace(context, options);
  const members = await admin.administeredMembers(workspace.id);
  if (options.json) {
    printJson(context, { members });
    return EXIT.ok;
  }
  const columns = [
    column(t('admin.name')),
    column(t('admin.email'), 10),
    column(t('admin.role'), 6),
    column(t('admin.state'), 6),
    column(t('admin.until'), 8, 2),
    column(t('admin.lastSeen'), 8, 3),
    column(t('admin.id'), 12, 1),
  ];
  printTable(
    context,
    columns,
    members.map((member) => [
      member.name,
      member.kind === 'service' ? t('admin.program') : member.email,
      describeRole(member.role, t),
      describeMemberState(context, member),
      momentOrNone(context, member.expiresAt),
      momentOrNone(context, member.lastSeenAt),
      member.id,
    ]),
  );
  return EXIT.ok;
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
  return report(context, options, added);
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
  return report(context, options, await admin.changeMember(workspace.id, found.id, found.version, wantedChange));
}

function report(context: CliContext, options: AdminOptions, member: AdministeredMember): ExitCode {
  const { t } = context;
  if (options.json) printJson(context, member);
  else {
    const said = {
      name: printable(member.name),
      role: describeRole(member.role, t),
      state: describeMemberState(context, member),
    };
    print(
      context,
      member.expiresAt === null
        ? t('admin.memberIs', said)
        : t('admin.memberIsUntil', { ...said, moment: context.dates.full(member.expiresAt) }),
    );
  }
  return EXIT.ok;
}
