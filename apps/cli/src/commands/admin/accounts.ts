import type { AccountChange, AdministeredAccount } from '@meldesync/protocol';
import { openAdmin } from '../../admin/admin-service.ts';
import { confirm } from '../../admin/confirm.ts';
import { findOne } from '../../admin/find-one.ts';
import { describeAccountState, momentOrNone } from '../../admin/people-text.ts';
import { printLink } from '../../admin/print-link.ts';
import { column, printTable } from '../../admin/print-table.ts';
import { type CliContext, print, printAside } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { printJson } from '../../output/json.ts';
import { printable } from '../../output/text.ts';
import type { CliCommand } from '../../program/command.ts';
import { type AdminOptions, addCommand, addGroup, type GroupParts } from './parts.ts';

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
  addCommand(
    group,
    parts,
    { name: 'list', description: t('help.adminAccountsList'), isDefault: true },
    async (options) => list(context, options),
  );
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
        return report(context, options, await admin.changeAccount(found.id, changeOf(said)));
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
    act: (
      service: Awaited<ReturnType<typeof openAdmin>>,
      found: AdministeredAccount,
      options: AdminOptions,
    ) => Promise<void>,
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
        await act(service, found, options);
        return EXIT.ok;
      },
    );
  register('reset', t('help.adminAccountsReset'), async ({ admin }, found, options) => {
    const link = await admin.makePasswordLink(found.id);
    if (options.json) printJson(context, link);
    else {
      printAside(context, t('admin.resetFor', { name: printable(found.name) }));
      printLink(context, link);
    }
  });
  register(
    'end-sessions',
    t('help.adminAccountsEndSessions'),
    async ({ admin }, found, options) => {
      const { ended } = await admin.endSessions(found.id);
      if (options.json) printJson(context, { ended });
      else print(context, t('admin.sessionsEnded', { count: ended, name: printable(found.name) }));
    },
    (name) => t('admin.confirmEndSessions', { name }),
  );
  register(
    'remove-second-factors',
    t('help.adminAccountsSecondFactors'),
    async ({ admin }, found, options) => {
      await admin.removeSecondFactors(found.id);
      if (options.json) printJson(context, { account: found.id });
      else print(context, t('admin.secondFactorsRemoved', { name: printable(found.name) }));
    },
    (name) => t('admin.confirmSecondFactors', { name }),
  );
  register(
    'delete',
    t('help.adminAccountsDelete'),
    async ({ admin }, found, options) => {
      await admin.deleteAccount(found.id);
      if (options.json) printJson(context, { deleted: found.id });
      else print(context, t('admin.accountDeleted', { name: printable(found.name) }));
    },
    (name) => t('admin.confirmDelete', { name }),
  );
}

async function list(context: CliContext, options: AdminOptions): Promise<ExitCode> {
  const { t } = context;
  const { admin } = await openAdmin(context, options);
  const accounts = await admin.accounts();
  if (options.json) {
    printJson(context, { accounts });
    return EXIT.ok;
  }
  const columns = [
    column(t('admin.name')),
    column(t('admin.email'), 10),
    column(t('admin.state'), 6),
    column(t('admin.workspaces'), 10, 2),
    column(t('admin.lastSeen'), 8, 3),
    column(t('admin.id'), 12, 1),
  ];
  printTable(
    context,
    columns,
    accounts.map((account) => [
      account.name,
      account.kind === 'service' ? t('common.none') : account.email,
      describeAccountState(context, account),
      account.workspaces.map(({ name }) => name).join(', '),
      momentOrNone(context, account.lastSeenAt),
      account.id,
    ]),
  );
  return EXIT.ok;
}

async function create(context: CliContext, options: CreateOptions): Promise<ExitCode> {
  const { email, name } = options;
  const { admin } = await openAdmin(context, options);
  const made = await admin.createAccount({ email, name, isInstallationAdmin: options.admin === true });
  if (options.json) printJson(context, made);
  else {
    printAside(context, context.t('admin.accountCreated', { name: printable(made.account.name) }));
    printLink(context, made.link);
  }
  return EXIT.ok;
}

function report(context: CliContext, options: AdminOptions, account: AdministeredAccount): ExitCode {
  const { name, email } = account;
  if (options.json) printJson(context, account);
  else {
    const state = describeAccountState(context, account);
    print(context, context.t('admin.accountIs', { name: printable(name), email: printable(email), state }));
  }
  return EXIT.ok;
}
