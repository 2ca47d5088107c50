import { type CliContext, type GlobalOptions, print, printAside } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { ask, askSecret, canAsk, readFirstLine } from '../input/prompt.ts';
import { describeRole } from '../output/role.ts';
import { printable } from '../output/text.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { chooseServer } from '../session/access.ts';
import { isInsecure } from '../session/server-address.ts';
import { enterService } from '../session/service.ts';
import { readSettings, type Settings, writeSettings } from '../session/settings.ts';
import { signIn } from '../session/sign-in.ts';
import { chooseWorkspace } from '../session/workspace.ts';

interface LoginOptions extends GlobalOptions {
  readonly email?: string;
  readonly passwordStdin?: boolean;
}

/** `meldesync login [SERVER]` */
export function registerLogin(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('login');
  command
    .description(t('help.login'))
    .usage(`[SERVER] ${t('help.usageOptions')}`)
    .argument('[server]', t('help.loginServer'))
    .option('--email <address>', t('help.loginEmail'))
    .option('--password-stdin', t('help.loginPasswordStdin'))
    .action(async (server: string | undefined) => finish(await login(context, server, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync login https://meldesync.example.org', t('help.exampleLogin')],
    ['meldesync login --email me@example.org --password-stdin < password.txt', t('help.exampleLoginStdin')],
  ]);
}

async function login(context: CliContext, argument: string | undefined, options: LoginOptions): Promise<ExitCode> {
  const { t, terminal } = context;
  const stored = await readSettings(terminal.env);
  const server = await findServer(context, argument ?? options.server, stored);
  if (isInsecure(server)) printAside(context, context.errorStyle.yellow(t('login.insecure', { server })));
  const email = await findEmail(context, options);
  const password = await findPassword(context, options);

  const token = await signIn({ server, email, password }, context.language, terminal.signal);
  const { me } = await enterService(context, { server, token, workspace: undefined });

  const kept = server === stored.server ? stored.workspace : undefined;
  const isStillMember = me.workspaces.some(({ id }) => id === kept);
  const wanted = options.workspace ?? (isStillMember ? kept : undefined);
  const workspace =
    wanted !== undefined || me.workspaces.length === 1 ? chooseWorkspace(me.workspaces, wanted) : undefined;
  await writeSettings(terminal.env, { server, token, ...(workspace === undefined ? {} : { workspace: workspace.id }) });

  print(context, t('login.signedIn', { name: printable(me.user.name), email: printable(me.user.email), server }));
  if (workspace !== undefined) {
    print(context, t('login.workspace', { name: printable(workspace.name), role: describeRole(workspace.role, t) }));
  } else print(context, me.workspaces.length === 0 ? t('login.noWorkspace') : t('login.chooseWorkspace'));
  return EXIT.ok;
}

async function findServer(context: CliContext, written: string | undefined, stored: Settings): Promise<string> {
  const { terminal, t } = context;
  const known = chooseServer(written, terminal.env, stored);
  if (known !== undefined) return known;
  const asked = canAsk(terminal) ? chooseServer(await ask(terminal, t('login.server')), {}, {}) : undefined;
  if (asked === undefined) throw new CliError('noServer');
  return asked;
}

async function findEmail({ terminal, t }: CliContext, options: LoginOptions): Promise<string> {
  const email = options.email ?? (canAsk(terminal) ? await ask(terminal, t('login.email')) : '');
  if (email === '') throw new CliError('noEmail');
  return email;
}

async function findPassword({ terminal, t }: CliContext, options: LoginOptions): Promise<string> {
  const password = options.passwordStdin
    ? await readFirstLine(terminal)
    : terminal.env['MELDESYNC_PASSWORD'] || (canAsk(terminal) ? await askSecret(terminal, t('login.password')) : '');
  if (password === '') throw new CliError('noPassword');
  return password;
}
