import { column, printList } from '../admin/print-table.ts';
import { type CliContext, type GlobalOptions, print } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printJson } from '../output/json.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { chooseServer } from '../session/access.ts';
import { parseServerAddress } from '../session/server-address.ts';
import { openSignIns, type Place } from '../session/sign-ins.ts';

interface ServersOptions extends GlobalOptions {
  readonly use?: string;
  readonly json?: boolean;
}

/** A server that is known here. */
interface KnownServer {
  readonly server: string;
  /** Where its token is kept; null where nobody is signed in. */
  readonly token: Place | null;
  /** Id of the workspace that was chosen there. */
  readonly workspace: string | null;
  readonly chosen: boolean;
}

/** `meldesync servers` */
export function registerServers(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('servers');
  command
    .description(t('help.servers'))
    .usage(t('help.usageOptions'))
    .option('--use <url>', t('help.serversUse'))
    .option('--json', t('help.jsonOption'))
    .action(async () => finish(await servers(context, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync servers', t('help.exampleServers')],
    ['meldesync servers --use https://meldesync.example.org', t('help.exampleServersUse')],
  ]);
}

/** Says what is kept here, and asks no server. */
async function servers(context: CliContext, options: ServersOptions): Promise<ExitCode> {
  const { t, terminal } = context;
  const signIns = await openSignIns(terminal);
  if (options.use !== undefined) {
    const server = parseServerAddress(options.use);
    if (signIns.placeOf(server) === undefined) throw new CliError('notSignedIn', { server });
    await signIns.choose(server);
    if (options.json) printJson(context, { server });
    else print(context, t('servers.chosen', { server }));
    return EXIT.ok;
  }
  const current = chooseServer(options.server, terminal.env, signIns);
  const rows = signIns.servers.map(
    (server): KnownServer => ({
      server,
      token: signIns.placeOf(server) ?? null,
      workspace: signIns.workspaceOf(server) ?? null,
      chosen: server === current,
    }),
  );
  return printList<KnownServer>(context, options, {
    json: { servers: rows },
    rows,
    columns: [
      column('', ({ chosen }) => (chosen ? '*' : ''), 1),
      column(t('servers.server'), ({ server }) => server, 12),
      column(t('servers.signedIn'), ({ token }) => (token === null ? t('common.no') : t('common.yes')), 4, 1),
      column(t('servers.workspace'), ({ workspace }) => workspace ?? t('common.none'), 36, 2),
    ],
  });
}
