import { type CliContext, type GlobalOptions, print } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { askSecret, canAsk } from '../input/prompt.ts';
import { readLines } from '../input/read-lines.ts';
import { askNewPassword } from '../links/one-time-link.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { openService } from '../session/service.ts';

interface PasswordOptions extends GlobalOptions {
  readonly passwordStdin?: boolean;
}

/** `meldesync password`: changes one's own. */
export function registerPassword(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('password');
  command
    .description(t('help.password'))
    .usage(t('help.usageOptions'))
    .option('--password-stdin', t('help.passwordStdin'))
    .action(async () => finish(await change(context, command.optsWithGlobals())));
}

async function change(context: CliContext, options: PasswordOptions): Promise<ExitCode> {
  const { t } = context;
  const { api } = await openService(context, options);
  const { current, wanted } = await readPasswords(context, options);
  await api.changePassword(current, wanted);
  print(context, t('links.passwordChanged'));
  return EXIT.ok;
}

/** On a terminal they are asked for; a script writes the present one and the new one on lines of their own. */
async function readPasswords(
  context: CliContext,
  options: PasswordOptions,
): Promise<{ current: string; wanted: string }> {
  const { terminal, t } = context;
  if (options.passwordStdin) {
    const [current, wanted] = await readLines(terminal);
    if (!current || !wanted) throw new CliError('noPassword');
    return { current, wanted };
  }
  if (!canAsk(terminal)) throw new CliError('noPassword');
  const current = await askSecret(terminal, t('links.currentPassword'));
  return { current, wanted: await askNewPassword(context) };
}
