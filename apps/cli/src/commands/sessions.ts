import type { OwnSession } from '@meldesync/protocol';
import { confirm } from '../admin/confirm.ts';
import { column, type List } from '../admin/print-table.ts';
import { report } from '../admin/report.ts';
import type { CliContext } from '../context.ts';
import { CliError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { openService } from '../session/service.ts';
import { openSignIns } from '../session/sign-ins.ts';
import { tellLeftInKeyring } from '../session/tell-left-in-keyring.ts';
import { type AdminOptions, addCommand, addGroup, addList } from './admin/parts.ts';

interface EndOptions extends AdminOptions {
  readonly others?: boolean;
  readonly all?: boolean;
}

/** `meldesync sessions …`: where one is signed in. */
export function registerSessions(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const parts = { context, finish };
  const group = addGroup(program, parts, 'sessions', t('help.sessions'));
  addList(group, parts, t('help.sessionsList'), (options) => list(context, options));
  addCommand<EndOptions>(
    group,
    parts,
    {
      name: 'end',
      description: t('help.sessionsEnd'),
      args: [['[session]', t('help.sessionsEndArgument')]],
      asks: true,
    },
    async (options, [session]) => end(context, options, session),
  )
    .option('--others', t('help.sessionsEndOthers'))
    .option('--all', t('help.sessionsEndAll'));
}

async function list(context: CliContext, options: AdminOptions): Promise<List<OwnSession>> {
  const { t, dates } = context;
  const { api } = await openService(context, options);
  const sessions = await api.ownSessions();
  return {
    json: { sessions },
    rows: sessions,
    columns: [
      column('', ({ isCurrent }) => (isCurrent ? '*' : ''), 1),
      column(t('admin.with'), (session) => describeDevice(context, session)),
      column(t('admin.address'), ({ address }) => address ?? '', 7, 2),
      column(t('admin.since'), ({ createdAt }) => dates.short(createdAt), 8, 3),
      column(t('admin.lastSeen'), ({ lastInputAt }) => dates.short(lastInputAt)),
      column(t('admin.until'), ({ expiresAt }) => dates.short(expiresAt), 8, 4),
      column(t('admin.id'), ({ id }) => id, 12, 1),
    ],
  };
}

function describeDevice({ t }: CliContext, { kind, program, system, label }: OwnSession): string {
  const named = [program, system].filter((part) => part !== null).join(', ');
  return label ?? (named === '' ? t(kind === 'terminal' ? 'who.kind.cli' : 'who.kind.web') : named);
}

async function end(context: CliContext, options: EndOptions, session: string | undefined): Promise<ExitCode> {
  const { t, terminal } = context;
  const chosen = [session !== undefined, options.others === true, options.all === true].filter(Boolean).length;
  if (chosen !== 1) throw new CliError('sessionToEnd');
  const { api, access } = await openService(context, options);
  let ended = 1;
  if (session !== undefined) await api.endOwnSession(session);
  else {
    await confirm(context, t(options.all ? 'admin.confirmEndAll' : 'admin.confirmEndOthers'), options);
    ended = await api.endOwnSessions({ all: options.all === true });
    if (options.all && (access.source === 'keyring' || access.source === 'file')) {
      const signIns = await openSignIns(terminal);
      await signIns.forget(access.server);
      tellLeftInKeyring(context, signIns, access.server);
    }
  }
  return report(context, options, { ended }, t('admin.ownSessionsEnded', { count: ended }));
}
