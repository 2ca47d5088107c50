import { type CliContext, type GlobalOptions, print, printAside } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openEntry } from '../links/entry.ts';
import { readSecrets, type SecretOptions } from '../links/one-time-link.ts';
import { printable } from '../output/text.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { openSignIns } from '../session/sign-ins.ts';
import { findServer } from './login.ts';

/** `meldesync new-password`: chooses a password by a link that an administrator made. */
export function registerNewPassword(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('new-password');
  command
    .description(t('help.newPassword'))
    .usage(t('help.usageOptions'))
    .option('--link <url>', t('help.linkOption'))
    .option('--password-stdin', t('help.linkPasswordStdin'))
    .action(async () => finish(await choose(context, command.optsWithGlobals())));
}

async function choose(context: CliContext, options: GlobalOptions & SecretOptions): Promise<ExitCode> {
  const { t } = context;
  const signIns = await openSignIns(context.terminal);
  const { link, newPassword } = await readSecrets(context, options, 'new-password');
  const server = await findServer(context, options.server ?? link.server, signIns);
  const entry = openEntry(context, server);
  const { name, email } = await entry.lookAtPasswordLink(link.secret);
  const person = { name: printable(name), email: printable(email) };
  printAside(context, t('links.passwordFor', person));
  await entry.choosePassword(link.secret, await newPassword());
  print(context, t('links.passwordChosen', { ...person, server }));
  return EXIT.ok;
}
