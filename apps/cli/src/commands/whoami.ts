import { type CliContext, type GlobalOptions, print } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printJson } from '../output/json.ts';
import { renderPairs } from '../output/pairs.ts';
import { describeRole } from '../output/role.ts';
import { outputWidth } from '../output/width.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import type { TokenSource } from '../session/access.ts';
import { openService } from '../session/service.ts';
import { credentialsPath } from '../session/sign-ins.ts';
import { findWorkspace } from '../session/workspace.ts';

interface WhoamiOptions extends GlobalOptions {
  readonly json?: boolean;
}

/** `meldesync whoami` */
export function registerWhoami(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('whoami');
  command
    .description(t('help.whoami'))
    .usage(t('help.usageOptions'))
    .option('--json', t('help.jsonOption'))
    .action(async () => finish(await whoami(context, command.optsWithGlobals())));
}

async function whoami(context: CliContext, options: WhoamiOptions): Promise<ExitCode> {
  const { t, style } = context;
  const { access, me } = await openService(context, options);
  const workspace = findWorkspace(me.workspaces, access.workspace);
  if (options.json) {
    printJson(context, { server: access.server, user: me.user, workspace: workspace ?? null, token: access.source });
    return EXIT.ok;
  }
  const pairs: Array<[string, string]> = [
    [t('whoami.person'), me.user.name],
    [t('whoami.email'), me.user.email],
    [t('whoami.server'), access.server],
    [
      t('whoami.workspace'),
      workspace === undefined ? t('whoami.noneChosen') : `${workspace.name} (${describeRole(workspace.role, t)})`,
    ],
    [t('whoami.token'), describeSource(context, access.source)],
  ];
  for (const line of renderPairs(pairs, style, outputWidth(context.terminal))) print(context, line);
  return EXIT.ok;
}

/** Where the token lies that this call went with. */
function describeSource({ t, terminal }: CliContext, source: TokenSource): string {
  const texts: Record<TokenSource, string> = {
    keyring: t('whoami.inKeyring'),
    file: t('whoami.inFile', { path: credentialsPath(terminal.env) }),
    environment: 'MELDESYNC_TOKEN',
    'token-file': t('whoami.inTokenFile'),
  };
  return texts[source];
}
