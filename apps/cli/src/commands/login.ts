import type { Me } from '@meldesync/protocol';
import { type CliContext, type GlobalOptions, print, printAside } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { ask, askSecret, canAsk, readFirstLine } from '../input/prompt.ts';
import { describeRole } from '../output/role.ts';
import { printable } from '../output/text.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { chooseServer } from '../session/access.ts';
import { type DeviceCode, signInByDevice } from '../session/device-sign-in.ts';
import { isInsecure } from '../session/server-address.ts';
import { enterService } from '../session/service.ts';
import { signIn } from '../session/sign-in.ts';
import { openSignIns, type SignIns } from '../session/sign-ins.ts';
import { tellLeftInKeyring } from '../session/tell-left-in-keyring.ts';
import { chooseWorkspace } from '../session/workspace.ts';

interface LoginOptions extends GlobalOptions {
  readonly email?: string;
  readonly password?: boolean;
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
    .option('--password', t('help.loginPassword'))
    .option('--email <address>', t('help.loginEmail'))
    .option('--password-stdin', t('help.loginPasswordStdin'))
    .action(async (server: string | undefined) => finish(await login(context, server, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync login https://meldesync.example.org', t('help.exampleLogin')],
    ['meldesync login --password', t('help.exampleLoginPassword')],
    ['meldesync login --email me@example.org --password-stdin < password.txt', t('help.exampleLoginStdin')],
  ]);
}

async function login(context: CliContext, argument: string | undefined, options: LoginOptions): Promise<ExitCode> {
  const { t, terminal } = context;
  const signIns = await openSignIns(terminal);
  const server = await findServer(context, argument ?? options.server, signIns);
  if (isInsecure(server)) printAside(context, context.errorStyle.yellow(t('login.insecure', { server })));
  const token = await obtainToken(context, server, options);
  await keepSignIn(context, signIns, { server, token, workspace: options.workspace });
  return EXIT.ok;
}

/** By a code in the browser, unless the password is wanted, or the server knows no other way. */
async function obtainToken(context: CliContext, server: string, options: LoginOptions): Promise<string> {
  const { language, terminal } = context;
  const { signal, env } = terminal;
  if (!options.password && !options.passwordStdin && options.email === undefined && !env['MELDESYNC_PASSWORD']) {
    const show = (code: DeviceCode) => showCode(context, code);
    const token = await signInByDevice({ server, language, signal, show });
    if (token !== undefined) return token;
  }
  const email = await findEmail(context, options);
  const password = await findPassword(context, options);
  return signIn({ server, email, password, askCode: () => findCode(context) }, language, signal);
}

function showCode(context: CliContext, { userCode, address, expiresInMs }: DeviceCode): void {
  const { t, errorStyle } = context;
  const code = printable(userCode).replace(/^(.{4})(.{4})$/, '$1-$2');
  const place = printable(address);
  printAside(context, t('login.openInBrowser'));
  printAside(context, `  ${errorStyle.cyan(place)}`);
  printAside(context, t('login.enterCode'));
  printAside(context, `  ${errorStyle.bold(code)}`);
  printAside(context, t('login.orAtOnce', { address: `${place}#${code}` }));
  printAside(context, t('login.waiting', { minutes: Math.round(expiresInMs / 60_000) }));
}

/** Keeps a token as the sign-in of this machine, and says as whom and where one is now. */
export async function keepSignIn(
  context: CliContext,
  signIns: SignIns,
  { server, token, workspace: asked }: { server: string; token: string; workspace: string | undefined },
): Promise<Me> {
  const { t } = context;
  const { me } = await enterService(context, { server, token, source: 'file', workspace: undefined });
  const kept = signIns.workspaceOf(server);
  const isStillMember = me.workspaces.some(({ id }) => id === kept);
  const wanted = asked ?? (isStillMember ? kept : undefined);
  const workspace =
    wanted !== undefined || me.workspaces.length === 1 ? chooseWorkspace(me.workspaces, wanted) : undefined;
  await signIns.keep(server, token, workspace?.id);
  tellLeftInKeyring(context, signIns, server);

  print(context, t('login.signedIn', { name: printable(me.user.name), email: printable(me.user.email), server }));
  if (workspace !== undefined) {
    print(context, t('login.workspace', { name: printable(workspace.name), role: describeRole(workspace.role, t) }));
  } else print(context, me.workspaces.length === 0 ? t('login.noWorkspace') : t('login.chooseWorkspace'));
  return me;
}

/** The server to go to; asked for where nobody said it. Throws `noServer`. */
export async function findServer(
  context: CliContext,
  written: string | undefined,
  stored: { readonly server?: string | undefined },
): Promise<string> {
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

async function findCode({ terminal, t }: CliContext): Promise<string> {
  const code = canAsk(terminal) ? await ask(terminal, t('login.code')) : '';
  if (code === '') throw new CliError('noCode');
  return code;
}
