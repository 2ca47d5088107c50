import type { AdministeredMember, LimitRole, ServiceAccount, ServiceToken } from '@meldesync/protocol';
import { type AdminWorkspace, openAdminWorkspace } from '../../admin/admin-service.ts';
import { confirm } from '../../admin/confirm.ts';
import { findOne } from '../../admin/find-one.ts';
import { describeMemberState, momentOrNone } from '../../admin/people-text.ts';
import { column, type List } from '../../admin/print-table.ts';
import { report } from '../../admin/report.ts';
import { until } from '../../admin/until.ts';
import { type CliContext, print, printAside } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { printJson } from '../../output/json.ts';
import { describeRole } from '../../output/role.ts';
import { printable } from '../../output/text.ts';
import type { CliCommand } from '../../program/command.ts';
import { addExamples } from '../../program/help.ts';
import { type AdminOptions, addCommand, addGroup, addList, type GroupParts, LIMIT_ROLES, roleOption } from './parts.ts';

interface CreateOptions extends AdminOptions {
  readonly role: LimitRole;
}

interface TokenOptions extends AdminOptions {
  readonly role: LimitRole;
  readonly label: string;
  readonly until: string;
}

/** `meldesync admin services …` */
export function registerAdminServices(parent: CliCommand, parts: GroupParts): void {
  const { context } = parts;
  const { t } = context;
  const group = addGroup(parent, parts, 'services', t('help.adminServices'));
  const service = ['<service>', t('help.adminServiceArgument')] as const;
  addList(group, parts, t('help.adminServicesList'), (options) => list(context, options));
  addCommand<CreateOptions>(
    group,
    parts,
    { name: 'create', description: t('help.adminServicesCreate'), args: [['<name>', t('help.adminNameArgument')]] },
    async (options, [name = '']) => {
      const { admin, workspace } = await openAdminWorkspace(context, options);
      const made = await admin.createServiceAccount(workspace.id, { name, role: options.role });
      const said = { name: printable(made.member.name), id: made.member.id };
      return report(context, options, made, t('admin.serviceCreated', said));
    },
  ).addOption(roleOption('--role <role>', t('help.adminRoleOption'), LIMIT_ROLES));
  const token = addCommand<TokenOptions>(
    group,
    parts,
    { name: 'token', description: t('help.adminServicesToken'), args: [service] },
    async (options, [wanted = '']) => makeToken(context, options, wanted),
  )
    .requiredOption('--label <name>', t('help.adminLabelOption'))
    .addOption(roleOption('--role <role>', t('help.adminMaxRoleOption'), LIMIT_ROLES))
    .requiredOption('--until <moment>', t('help.adminTokenUntilOption'), until('--until'));
  addExamples(token, context, [
    ['meldesync admin services token Export --label nightly --role viewer --until 90d > token', t('help.exampleToken')],
    ['meldesync list --token-file token --workspace Humangenetik', t('help.exampleTokenFile')],
  ]);
  addCommand(
    group,
    parts,
    {
      name: 'revoke',
      description: t('help.adminServicesRevoke'),
      args: [service, ['<token>', t('help.adminTokenArgument')]],
      asks: true,
    },
    async (options, [wanted = '', wantedToken = '']) => revoke(context, options, wanted, wantedToken),
  );
  addCommand(
    group,
    parts,
    { name: 'revoke-all', description: t('help.adminServicesRevokeAll'), args: [service], asks: true },
    async (options, [wanted = '']) => revokeAll(context, options, wanted),
  );
}

/** A program, or one of its tokens. */
type ServiceRow = { readonly member: AdministeredMember } | { readonly token: ServiceToken };

async function list(context: CliContext, options: AdminOptions): Promise<List<ServiceRow>> {
  const { t } = context;
  const { admin, workspace } = await openAdminWorkspace(context, options);
  const accounts = await admin.serviceAccounts(workspace.id);
  const ofBoth =
    (ofMember: (member: AdministeredMember) => string, ofToken: (token: ServiceToken) => string) =>
    (row: ServiceRow): string =>
      'member' in row ? ofMember(row.member) : ofToken(row.token);
  const unsaid = () => '';
  const name = ofBoth(({ name }) => name, unsaid);
  const label = ofBoth(unsaid, ({ label }) => label);
  const role = ofBoth(
    ({ role }) => describeRole(role, t),
    ({ maxRole }) => describeRole(maxRole, t),
  );
  const state = ofBoth((member) => describeMemberState(context, member), unsaid);
  const ends = ofBoth(
    ({ expiresAt }) => momentOrNone(context, expiresAt),
    ({ expiresAt }) => momentOrNone(context, expiresAt),
  );
  const used = ofBoth(unsaid, ({ lastUsedAt }) => momentOrNone(context, lastUsedAt));
  const id = ofBoth(
    ({ id }) => id,
    ({ id }) => id,
  );
  return {
    json: { accounts },
    rows: accounts.flatMap(({ member, tokens }) => [{ member }, ...tokens.map((token) => ({ token }))]),
    columns: [
      column(t('admin.serviceAccount'), name),
      column(t('admin.token'), label),
      column(t('admin.role'), role, 6),
      column(t('admin.state'), state, 6, 3),
      column(t('admin.until'), ends),
      column(t('admin.lastUsed'), used, 8, 2),
      column(t('admin.id'), id, 12, 1),
    ],
  };
}

/** The token alone goes to standard output, so that it can be written into a file. */
async function makeToken(context: CliContext, options: TokenOptions, wanted: string): Promise<ExitCode> {
  const service = await openAdminWorkspace(context, options);
  const { member } = await findService(service, wanted);
  const made = await service.admin.createToken(service.workspace.id, member.id, {
    label: options.label,
    maxRole: options.role,
    expiresAt: options.until,
  });
  if (options.json) printJson(context, made);
  else {
    const moment = context.dates.full(made.token.expiresAt);
    printAside(context, context.t('admin.tokenMade', { name: printable(member.name), moment }));
    print(context, made.secret);
  }
  return EXIT.ok;
}

async function revoke(
  context: CliContext,
  options: AdminOptions,
  wanted: string,
  wantedToken: string,
): Promise<ExitCode> {
  const { t } = context;
  const service = await openAdminWorkspace(context, options);
  const { member, tokens } = await findService(service, wanted);
  const token = findOne(
    tokens.map(({ id, label }) => ({ id, name: label })),
    wantedToken,
  );
  const names = { name: printable(member.name), label: printable(token.name) };
  await confirm(context, t('admin.confirmRevokeToken', names), options);
  await service.admin.endToken(service.workspace.id, member.id, token.id);
  return report(context, options, { revoked: token.id }, t('admin.tokenRevoked', names));
}

async function revokeAll(context: CliContext, options: AdminOptions, wanted: string): Promise<ExitCode> {
  const { t } = context;
  const service = await openAdminWorkspace(context, options);
  const { member, tokens } = await findService(service, wanted);
  const name = printable(member.name);
  await confirm(context, t('admin.confirmRevokeTokens', { name, count: String(tokens.length) }), options);
  const ended = await service.admin.endTokens(service.workspace.id, member.id);
  return report(context, options, { ended }, t('admin.tokensRevoked', { name, count: ended }));
}

async function findService({ admin, workspace }: AdminWorkspace, wanted: string): Promise<ServiceAccount> {
  const accounts = await admin.serviceAccounts(workspace.id);
  const found = findOne(
    accounts.map(({ member: { id, name } }, index) => ({ id, name, index })),
    wanted,
  );
  // `index` is one of `accounts`.
  return accounts[found.index] as ServiceAccount;
}
