import { type CliContext, type GlobalOptions, print, printAside } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { chooseServer } from '../session/access.ts';
import { createFetch } from '../session/fetch.ts';
import { signOut } from '../session/sign-in.ts';
import { openSignIns } from '../session/sign-ins.ts';

/** `meldesync logout` */
export function registerLogout(program: CliCommand, context: CliContext, finish: Finish): void {
  const command = program.command('logout');
  command
    .description(context.t('help.logout'))
    .usage(context.t('help.usageOptions'))
    .action(async () => finish(await logout(context, command.optsWithGlobals())));
}

/**
 * The stored token goes first: whatever the server answers, nobody can use it from this machine any more. Throws `leftInKeyring`
 * where the keyring does not let go of it.
 */
async function logout(context: CliContext, options: GlobalOptions): Promise<ExitCode> {
  const { t, terminal } = context;
  const signIns = await openSignIns(terminal);
  const server = chooseServer(options.server, terminal.env, signIns);
  if (terminal.env['MELDESYNC_TOKEN']) printAside(context, t('logout.tokenInEnvironment'));
  if (server === undefined || (signIns.placeOf(server) === undefined && !signIns.isLeftInKeyring(server))) {
    print(context, t('logout.notSignedIn'));
    return EXIT.ok;
  }
  const token = await signIns.forget(server);
  const isReached = token === undefined || (await endSession(context, server, token));
  if (!isReached) print(context, t('logout.localOnly', { server }));
  if (signIns.isLeftInKeyring(server)) throw new CliError('leftInKeyring', { server });
  if (isReached) print(context, t('logout.done', { server }));
  return EXIT.ok;
}

/** Whether the server could be reached. */
async function endSession({ terminal, language }: CliContext, server: string, token: string): Promise<boolean> {
  const fetch = createFetch({ server, language, token, signal: terminal.signal });
  try {
    await signOut(fetch, server);
    return true;
  } catch (error) {
    if (error instanceof CliError && (error.key === 'serverUnreachable' || error.key === 'serverUntrusted'))
      return false;
    throw error;
  }
}
