import { readFile } from 'node:fs/promises';
import type { Invitation, MadeInvitation, Role } from '@meldesync/protocol';
import { type AdminWorkspace, openAdminWorkspace } from '../../admin/admin-service.ts';
import { confirm } from '../../admin/confirm.ts';
import { findOne } from '../../admin/find-one.ts';
import { describeInvitationState, momentOrNone } from '../../admin/people-text.ts';
import { printLink } from '../../admin/print-link.ts';
import { column, printTable } from '../../admin/print-table.ts';
import { untilOrNever } from '../../admin/until.ts';
import { type CliContext, print, printAside } from '../../context.ts';
import { CliError } from '../../errors.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { printJson } from '../../output/json.ts';
import { describeRole } from '../../output/role.ts';
import { printable } from '../../output/text.ts';
import type { CliCommand } from '../../program/command.ts';
import { addExamples } from '../../program/help.ts';
import { oneOf } from '../../program/option-values.ts';
import { systemCode } from '../../system-code.ts';
import { type AdminOptions, addCommand, addGroup, type GroupParts, ROLES } from './parts.ts';

interface InviteOptions extends AdminOptions {
  readonly role?: Role;
  readonly name?: string;
  readonly until?: string | null;
  readonly csv?: string;
}

/** `meldesync admin invite` and `meldesync admin invitations …` */
export function registerAdminInvitations(parent: CliCommand, parts: GroupParts): void {
  const { context } = parts;
  const { t } = context;
  const invite = addCommand<InviteOptions>(
    parent,
    parts,
    { name: 'invite', description: t('help.adminInvite'), args: [['[email]', t('help.adminInviteEmail')]] },
    async (options, [email]) => (options.csv === undefined ? one(context, options, email) : many(context, options)),
  )
    .option('--role <role>', `${t('help.adminRoleOption')}: ${ROLES.join(', ')}`, oneOf('--role', ROLES))
    .option('--name <name>', t('help.adminInviteName'))
    .option('--until <moment>', t('help.adminUntilOption'), untilOrNever('--until'))
    .option('--csv <file>', t('help.adminInviteCsv'));
  addExamples(invite, context, [
    ['meldesync admin invite anna@example.org --role editor --until 2027-03-31', t('help.exampleInvite')],
    ['meldesync admin invite --csv team.csv', t('help.exampleInviteCsv')],
  ]);

  const group = addGroup(parent, parts, 'invitations', t('help.adminInvitations'));
  const invitation = ['<invitation>', t('help.adminInvitationArgument')] as const;
  addCommand(
    group,
    parts,
    { name: 'list', description: t('help.adminInvitationsList'), isDefault: true },
    async (options) => list(context, options),
  );
  addCommand(
    group,
    parts,
    { name: 'renew', description: t('help.adminInvitationsRenew'), args: [invitation] },
    async (options, [wanted = '']) => {
      const service = await openAdminWorkspace(context, options);
      const found = await findInvitation(service, wanted);
      return report(context, options, await service.admin.renewInvitation(service.workspace.id, found.id));
    },
  );
  addCommand(
    group,
    parts,
    { name: 'revoke', description: t('help.adminInvitationsRevoke'), args: [invitation], asks: true },
    async (options, [wanted = '']) => {
      const service = await openAdminWorkspace(context, options);
      const found = await findInvitation(service, wanted);
      await confirm(context, t('admin.confirmRevoke', { email: printable(found.email) }), options);
      await service.admin.revokeInvitation(service.workspace.id, found.id);
      if (options.json) printJson(context, { revoked: found.id });
      else print(context, t('admin.invitationIsRevoked', { email: printable(found.email) }));
      return EXIT.ok;
    },
  );
}

async function one(context: CliContext, options: InviteOptions, email: string | undefined): Promise<ExitCode> {
  const { role, name, until } = options;
  if (email === undefined) throw new CliError('missingArgument', { argument: 'EMAIL', help: INVITE_HELP });
  if (role === undefined) throw new CliError('missingOption', { option: '--role', help: INVITE_HELP });
  const { admin, workspace } = await openAdminWorkspace(context, options);
  const made = await admin.invite(workspace.id, {
    email,
    role,
    ...(name === undefined ? {} : { name }),
    ...(until === undefined ? {} : { memberExpiresAt: until }),
  });
  return report(context, options, made);
}

const INVITE_HELP = 'meldesync admin invite --help';

/** One outcome a row; 2 where some were rejected, 1 where nobody could be invited. */
async function many(context: CliContext, options: InviteOptions): Promise<ExitCode> {
  const { t } = context;
  const path = options.csv ?? '';
  let csv: string;
  try {
    csv = await readFile(path, 'utf8');
  } catch (error) {
    throw new CliError('fileUnreadable', { path, reason: systemCode(error) ?? 'I/O' }, { cause: error });
  }
  const { admin, workspace } = await openAdminWorkspace(context, options);
  const { rows } = await admin.importMembers(workspace.id, csv);
  if (options.json) printJson(context, { rows });
  else {
    const words = {
      invited: t('admin.rowInvited'),
      unchanged: t('admin.rowUnchanged'),
      rejected: t('admin.rowRejected'),
    };
    const columns = [
      { ...column(t('admin.line'), 3), align: 'right' as const },
      column(t('admin.email'), 10),
      column(t('admin.outcome'), 8),
      column(t('admin.linkOrReason'), 20),
    ];
    printTable(
      context,
      columns,
      rows.map((row) => [String(row.line), row.email, words[row.outcome], row.link?.url ?? row.message ?? '']),
    );
  }
  const rejected = rows.filter(({ outcome }) => outcome === 'rejected').length;
  if (rejected === 0) return EXIT.ok;
  return rejected === rows.length ? EXIT.failure : EXIT.partlyRejected;
}

async function list(context: CliContext, options: AdminOptions): Promise<ExitCode> {
  const { t } = context;
  const { admin, workspace } = await openAdminWorkspace(context, options);
  const invitations = await admin.invitations(workspace.id);
  if (options.json) {
    printJson(context, { invitations });
    return EXIT.ok;
  }
  const columns = [
    column(t('admin.email'), 10),
    column(t('admin.name'), 6, 3),
    column(t('admin.role'), 6),
    column(t('admin.state'), 6),
    column(t('admin.linkEnds'), 8, 2),
    column(t('admin.id'), 36, 1),
  ];
  printTable(
    context,
    columns,
    invitations.map((invitation) => [
      invitation.email,
      invitation.name ?? '',
      describeRole(invitation.role, t),
      describeInvitationState(context, invitation),
      momentOrNone(context, invitation.expiresAt),
      invitation.id,
    ]),
  );
  return EXIT.ok;
}

/** By id or address; of several of one address, the one that can still be accepted. */
async function findInvitation({ admin, workspace }: AdminWorkspace, wanted: string): Promise<Invitation> {
  const all = await admin.invitations(workspace.id);
  const open = all.filter(({ state }) => state === 'open' || state === 'expired');
  return findOne(all.some(({ id }) => id === wanted.toLowerCase()) ? all : open, wanted);
}

function report(context: CliContext, options: AdminOptions, made: MadeInvitation): ExitCode {
  if (options.json) {
    printJson(context, made);
    return EXIT.ok;
  }
  const { t } = context;
  const { email, role } = made.invitation;
  printAside(context, t('admin.invited', { email: printable(email), role: describeRole(role, t) }));
  printLink(context, made.link);
  return EXIT.ok;
}
