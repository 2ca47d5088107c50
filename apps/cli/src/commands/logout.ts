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

/** The stored token goes first: whatever the server answers, nobody can use it from this machine any more. */
async function logout(context: CliContext, options: GlobalOptions): Promise<ExitCode> {
  const { t, terminal, language } = context;
  const signIns = await openSignIns(terminal);
  const server = chooseServer(options.server, terminal.env, signIns);
  const kept = server === undefined ? undefined : await readToken(() => signIns.tokenOf(server));
  if (server === undefined || signIns.placeOf(server) === undefined) {
    print(context, t('logout.notSignedIn'));
  } else {
    await signIns.forget(server);
    const isReached = kept !== undefined && (await endSession(kept.token));
    print(context, isReached ? t('logout.done', { server }) : t('logout.localOnly', { server }));
  }
  if (terminal.env['MELDESYNC_TOKEN']) printAside(context, t('logout.tokenInEnvironment'));
  return EXIT.ok;

  async function endSession(token: string): Promise<boolean> {
    const fetch = createFetch({ server: server ?? '', language, token, signal: terminal.signal });
    return signOut(fetch, server ?? '').then(
      () => true,
      (error: unknown) => {
        if (error instanceof CliError && error.key === 'serverUnreachable') return false;
        throw error;
      },
    );
  }
}

/** A keyring that is locked keeps nobody from signing out here. */
async function readToken<Token>(read: () => Promise<Token>): Promise<Token | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CliError && error.key === 'keyringUnreadable') return undefined;
    throw error;
  }
}
