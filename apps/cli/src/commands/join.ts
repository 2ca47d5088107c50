import { type CliContext, type GlobalOptions, print, printAside } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { ask, canAsk } from '../input/prompt.ts';
import { enterWith, openEntry } from '../links/entry.ts';
import { readSecrets, type SecretOptions } from '../links/one-time-link.ts';
import { describeRole } from '../output/role.ts';
import { printable } from '../output/text.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { openSignIns, type SignIns } from '../session/sign-ins.ts';
import { findServer } from './login.ts';

interface JoinOptions extends GlobalOptions, SecretOptions {
  readonly name?: string;
}

/** `meldesync join`: accepts an invitation. */
export function registerJoin(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('join');
  command
    .description(t('help.join'))
    .usage(t('help.usageOptions'))
    .option('--name <name>', t('help.joinName'))
    .option('--link <url>', t('help.linkOption'))
    .option('--password-stdin', t('help.linkPasswordStdin'))
    .action(async () => finish(await join(context, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync join', t('help.exampleJoin')],
    ['meldesync join --name "…" --password-stdin < link-and-password', t('help.exampleJoinStdin')],
  ]);
}

async function join(context: CliContext, options: JoinOptions): Promise<ExitCode> {
  const { terminal, t } = context;
  const signIns = await openSignIns(terminal);
  const { link, newPassword } = await readSecrets(context, options, 'invitation');
  const server = await findServer(context, options.server ?? link.server, signIns);
  const { secret } = link;
  const entry = openEntry(context, server);
  const invitation = await entry.lookAtInvitation(secret);
  const workspace = printable(invitation.workspace);
  const said = { workspace, role: describeRole(invitation.role, t), email: printable(invitation.email) };
  printAside(context, t('links.invitedTo', said));
  if (invitation.hasAccount) {
    await joinAsOneself(context, signIns, server, secret);
    print(context, t('links.joined', { workspace }));
    return EXIT.ok;
  }
  const name = await findName(context, options, invitation.name);
  const password = await newPassword();
  const joined = await entry.acceptInvitation({ secret, name, password });
  print(context, t('links.joined', { workspace }));
  await enterWith(context, signIns, { server, email: joined.email, password, workspace: joined.workspace });
  return EXIT.ok;
}

/** Who has an account accepts as that. Throws `joinNeedsSignIn`. */
async function joinAsOneself(context: CliContext, signIns: SignIns, server: string, secret: string): Promise<void> {
  const token = context.terminal.env['MELDESYNC_TOKEN'] || (await signIns.tokenOf(server))?.token;
  if (token === undefined) throw new CliError('joinNeedsSignIn', { server });
  await openEntry(context, server, token).acceptInvitation({ secret });
}

async function findName({ terminal, t }: CliContext, options: JoinOptions, suggested: string | null): Promise<string> {
  if (options.name !== undefined) return options.name;
  if (canAsk(terminal) && !options.passwordStdin) return ask(terminal, t('links.ownName'), suggested ?? '');
  if (suggested !== null) return suggested;
  throw new CliError('missingOption', { option: '--name', help: 'meldesync join --help' });
}
