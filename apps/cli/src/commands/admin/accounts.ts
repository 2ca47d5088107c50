import type { AccountChange, AdministeredAccount } from '@meldesync/protocol';
import { type AdminService, openAdmin } from '../../admin/admin-service.ts';
import { confirm } from '../../admin/confirm.ts';
import { findOne } from '../../admin/find-one.ts';
import { describeAccountState, momentOrNone } from '../../admin/people-text.ts';
import { column, type List } from '../../admin/print-table.ts';
import { report, reportLink } from '../../admin/report.ts';
import type { CliContext } from '../../context.ts';
import { CliError } from '../../errors.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { printable } from '../../output/text.ts';
import type { CliCommand } from '../../program/command.ts';
import { type AdminOptions, addCommand, addGroup, addList, type GroupParts } from './parts.ts';

interface CreateOptions extends AdminOptions {
  readonly email: string;
  readonly name: string;
  readonly admin?: boolean;
}

/** `meldesync admin accounts …` */
export function registerAdminAccounts(parent: CliCommand, parts: GroupParts): void {
  const { context } = parts;
  const { t } = context;
  const group = addGroup(parent, parts, 'accounts', t('help.adminAccounts'));
  addList(group, parts, t('help.adminAccountsList'), (options) => list(context, options));
  addCommand<CreateOptions>(
    group,
    parts,
    { name: 'create', description: t('help.adminAccountsCreate') },
    async (options) => create(context, options),
  )
    .requiredOption('--email <address>', t('help.adminEmailOption'))
    .requiredOption('--name <name>', t('help.adminNameOption'))
    .option('--admin', t('help.adminAdminOption'));
  registerChanges(group, parts);
  registerActs(group, parts);
  registerMerge(group, parts);
}

interface MergeOptions extends AdminOptions {
  readonly into: string;
}

function registerMerge(group: CliCommand, parts: GroupParts): void {
  const { context } = parts;
  const { t } = context;
  addCommand<MergeOptions>(
    group,
    parts,
    {
      name: 'merge',
      description: t('help.adminAccountsMerge'),
      args: [['<account>', t('help.adminAccountArgument')]],
      asks: true,
    },
    async (options, [wanted = '']) => {
      const { admin } = await openAdmin(context, options);
      const accounts = await admin.accounts();
      const [from, into] = [findOne(accounts, wanted), findOne(accounts, options.into)];
      if (from.id === into.id) throw new CliError('mergeIntoItself', { email: printable(from.email) });
      const named = { email: printable(from.email), into: printable(into.email) };
      await confirm(context, t('admin.confirmMerge', named), options);
      return reportAccount(context, options, await admin.mergeAccounts(from.id, into.id));
    },
  ).requiredOption('--into <account>', t('help.adminIntoOption'));
}

function registerChanges(group: CliCommand, parts: GroupParts): void {
  const { context } = parts;
  const { t } = context;
  const account = ['<account>', t('help.adminAccountArgument')] as const;
  const register = (
    name: string,
    description: string,
    changeOf: (value: string) => AccountChange,
    { value, question }: { value?: readonly [string, string]; question?: (name: string) => string } = {},
  ) =>
    addCommand(
      group,
      parts,
      { name, description, args: value ? [account, value] : [account], asks: question !== undefined },
      async (options, [wanted = '', said = '']) => {
        const { admin } = await openAdmin(context, options);
        const found = findOne(await admin.accounts(), wanted);
        if (question) await confirm(context, question(printable(found.name)), options);
        return reportAccount(context, options, await admin.changeAccount(found.id, changeOf(said)));
      },
    );
  register('rename', t('help.adminAccountsRename'), (name) => ({ name }), {
    value: ['<name>', t('help.adminNameArgument')],
  });
  register('email', t('help.adminAccountsEmail'), (email) => ({ email }), {
    value: ['<address>', t('help.adminEmailOption')],
  });
  register('disable', t('help.adminAccountsDisable'), () => ({ isDisabled: true }), {
    question: (name) => t('admin.confirmDisable', { name }),
  });
  register('enable', t('help.adminAccountsEnable'), () => ({ isDisabled: false }));
  register('make-admin', t('help.adminAccountsMakeAdmin'), () => ({ isInstallationAdmin: true }), {
    question: (name) => t('admin.confirmMakeAdmin', { name }),
  });
  register('unmake-admin', t('help.adminAccountsUnmakeAdmin'), () => ({ isInstallationAdmin: false }));
}

function registerActs(group: CliCommand, parts: GroupParts): void {
  const { context } = parts;
  const { t } = context;
  const register = (
    name: string,
    description: string,
    act: (service: AdminService, found: AdministeredAccount, options: AdminOptions) => Promise<ExitCode>,
    question?: (name: string) => string,
  ) =>
    addCommand(
      group,
      parts,
      { name, description, args: [['<account>', t('help.adminAccountArgument')]], asks: question !== undefined },
      async (options, [wanted = '']) => {
        const service = await openAdmin(context, options);
        const found = findOne(await service.admin.accounts(), wanted);
        if (question) await confirm(context, question(printable(found.name)), options);
        return act(service, found, options);
      },
    );
  register('reset', t('help.adminAccountsReset'), async ({ admin }, found, options) => {
    const link = await admin.makePasswordLink(found.id);
    const sentence = t('admin.resetFor', { name: printable(found.name) });
    return reportLink(context, options, { json: link, link, sentence });
  });
  register(
    'end-sessions',
    t('help.adminAccountsEndSessions'),
    async ({ admin }, found, options) => {
      const { ended } = await admin.endSessions(found.id);
      const sentence = t('admin.sessionsEnded', { count: ended, name: printable(found.name) });
      return report(context, options, { ended }, sentence);
    },
    (name) => t('admin.confirmEndSessions', { name }),
  );
  register(
    'remove-second-factors',
    t('help.adminAccountsSecondFactors'),
    async ({ admin }, found, options) => {
      await admin.removeSecondFactors(found.id);
      const sentence = t('admin.secondFactorsRemoved', { name: printable(found.name) });
      return report(context, options, { account: found.id }, sentence);
    },
    (name) => t('admin.confirmSecondFactors', { name }),
  );
  register(
    'unlink',
    t('help.adminAccountsUnlink'),
    async ({ admin }, found, options) => {
      await admin.unlinkAccount(found.id);
      const sentence = t('admin.accountUnlinked', { name: printable(found.name) });
      return report(context, options, { account: found.id }, sentence);
    },
    (name) => t('admin.confirmUnlink', { name }),
  );
  register(
    'delete',
    t('help.adminAccountsDelete'),
    async ({ admin }, found, options) => {
      await admin.deleteAccount(found.id);
      const sentence = t('admin.accountDeleted', { name: printable(found.name) });
      return report(context, options, { deleted: found.id }, sentence);
    },
    (name) => t('admin.confirmDelete', { name }),
  );
}

async function list(context: CliContext, options: AdminOptions): Promise<List<AdministeredAccount>> {
  const { t } = context;
  const { admin } = await openAdmin(context, options);
  const accounts = await admin.accounts();
  return {
    json: { accounts },
    rows: accounts,
    columns: [
      column(t('admin.name'), ({ name }) => name),
      column(t('admin.email'), ({ kind, email }) => (kind === 'service' ? t('common.none') : email), 10),
      column(t('admin.state'), (account) => describeAccountState(context, account), 6),
      column(t('admin.workspaces'), ({ workspaces }) => workspaces.map(({ name }) => name).join(', '), 10, 2),
      column(t('admin.lastSeen'), ({ lastSeenAt }) => momentOrNone(context, lastSeenAt), 8, 3),
      column(t('admin.id'), ({ id }) => id, 12, 1),
    ],
  };
}

async function create(context: CliContext, options: CreateOptions): Promise<ExitCode> {
  const { email, name } = options;
  const { admin } = await openAdmin(context, options);
  const made = await admin.createAccount({ email, name, isInstallationAdmin: options.admin === true });
  const sentence = context.t('admin.accountCreated', { name: printable(made.account.name) });
  return reportLink(context, options, { json: made, link: made.link, sentence });
}

function reportAccount(context: CliContext, options: AdminOptions, account: AdministeredAccount): ExitCode {
  const { name, email } = account;
  const said = { name: printable(name), email: printable(email), state: describeAccountState(context, account) };
  return report(context, options, account, context.t('admin.accountIs', said));
}
