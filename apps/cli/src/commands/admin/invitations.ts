import { readFile } from 'node:fs/promises';
import type { Invitation, MadeInvitation, Role } from '@meldesync/protocol';
import { type AdminWorkspace, openAdminWorkspace } from '../../admin/admin-service.ts';
import { confirm } from '../../admin/confirm.ts';
import { findOne } from '../../admin/find-one.ts';
import { describeInvitationState, momentOrNone } from '../../admin/people-text.ts';
import { column, type List, printList } from '../../admin/print-table.ts';
import { report, reportLink } from '../../admin/report.ts';
import { untilOrNever } from '../../admin/until.ts';
import type { CliContext } from '../../context.ts';
import { CliError } from '../../errors.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { describeRole } from '../../output/role.ts';
import { printable } from '../../output/text.ts';
import type { CliCommand } from '../../program/command.ts';
import { addExamples } from '../../program/help.ts';
import { oneOf } from '../../program/option-values.ts';
import { systemCode } from '../../system-code.ts';
import { type AdminOptions, addCommand, addGroup, addList, type GroupParts, ROLES } from './parts.ts';

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
  addList(group, parts, t('help.adminInvitationsList'), (options) => list(context, options));
  addCommand(
    group,
    parts,
    { name: 'renew', description: t('help.adminInvitationsRenew'), args: [invitation] },
    async (options, [wanted = '']) => {
      const service = await openAdminWorkspace(context, options);
      const found = await findInvitation(service, wanted);
      return reportInvitation(context, options, await service.admin.renewInvitation(service.workspace.id, found.id));
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
      const sentence = t('admin.invitationIsRevoked', { email: printable(found.email) });
      return report(context, options, { revoked: found.id }, sentence);
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
  return reportInvitation(context, options, made);
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
  const words = {
    invited: t('admin.rowInvited'),
    unchanged: t('admin.rowUnchanged'),
    rejected: t('admin.rowRejected'),
  };
  const outcomes: List<(typeof rows)[number]> = {
    json: { rows },
    rows,
    columns: [
      column(t('admin.line'), ({ line }) => String(line), 3, 0, 'right'),
      column(t('admin.email'), ({ email }) => email, 10),
      column(t('admin.outcome'), ({ outcome }) => words[outcome]),
      column(t('admin.linkOrReason'), ({ link, message }) => link?.url ?? message ?? '', 20),
    ],
  };
  printList(context, options, outcomes);
  const rejected = rows.filter(({ outcome }) => outcome === 'rejected').length;
  if (rejected === 0) return EXIT.ok;
  return rejected === rows.length ? EXIT.failure : EXIT.partlyRejected;
}

async function list(context: CliContext, options: AdminOptions): Promise<List<Invitation>> {
  const { t } = context;
  const { admin, workspace } = await openAdminWorkspace(context, options);
  const invitations = await admin.invitations(workspace.id);
  return {
    json: { invitations },
    rows: invitations,
    columns: [
      column(t('admin.email'), ({ email }) => email, 10),
      column(t('admin.name'), ({ name }) => name ?? '', 6, 3),
      column(t('admin.role'), ({ role }) => describeRole(role, t), 6),
      column(t('admin.state'), (invitation) => describeInvitationState(context, invitation), 6),
      column(t('admin.linkEnds'), ({ expiresAt }) => momentOrNone(context, expiresAt), 8, 2),
      column(t('admin.id'), ({ id }) => id, 36, 1),
    ],
  };
}

/** By id or address; of several of one address, the one that can still be accepted. */
async function findInvitation({ admin, workspace }: AdminWorkspace, wanted: string): Promise<Invitation> {
  const all = await admin.invitations(workspace.id);
  const open = all.filter(({ state }) => state === 'open' || state === 'expired');
  return findOne(all.some(({ id }) => id === wanted.toLowerCase()) ? all : open, wanted);
}

function reportInvitation(context: CliContext, options: AdminOptions, made: MadeInvitation): ExitCode {
  const { t } = context;
  const { email, role } = made.invitation;
  const sentence = t('admin.invited', { email: printable(email), role: describeRole(role, t) });
  return reportLink(context, options, { json: made, link: made.link, sentence });
}
