import { type CliContext, print, printAside } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { createFetch } from '../session/fetch.ts';
import { readSettings, writeSettings } from '../session/settings.ts';
import { signOut } from '../session/sign-in.ts';

/** `meldesync logout` */
export function registerLogout(program: CliCommand, context: CliContext, finish: Finish): void {
  const command = program.command('logout');
  command
    .description(context.t('help.logout'))
    .usage(context.t('help.usageOptions'))
    .action(async () => finish(await logout(context)));
}

/** The stored token goes first: whatever the server answers, nobody can use it from this machine any more. */
async function logout(context: CliContext): Promise<ExitCode> {
  const { t, terminal, language } = context;
  const { token, ...rest } = await readSettings(terminal.env);
  const { server } = rest;
  if (token === undefined || server === undefined) {
    print(context, t('logout.notSignedIn'));
  } else {
    await writeSettings(terminal.env, rest);
    const fetch = createFetch({ server, language, token, signal: terminal.signal });
    const isReached = await signOut(fetch, server).then(
      () => true,
      (error: unknown) => {
        if (error instanceof CliError && error.key === 'serverUnreachable') return false;
        throw error;
      },
    );
    print(context, isReached ? t('logout.done', { server }) : t('logout.localOnly', { server }));
  }
  if (terminal.env['MELDESYNC_TOKEN']) printAside(context, t('logout.tokenInEnvironment'));
  return EXIT.ok;
}
