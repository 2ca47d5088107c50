import { type CliContext, print } from '../../context.ts';
import { CliError } from '../../errors.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { ask, canAsk } from '../../input/prompt.ts';
import { enterWith, openEntry } from '../../links/entry.ts';
import { readSecrets, type SecretOptions } from '../../links/one-time-link.ts';
import { printJson } from '../../output/json.ts';
import type { CliCommand } from '../../program/command.ts';
import { addExamples } from '../../program/help.ts';
import { openSignIns } from '../../session/sign-ins.ts';
import { findServer } from '../login.ts';
import { type AdminOptions, addCommand, type GroupParts } from './parts.ts';

interface BootstrapOptions extends AdminOptions, SecretOptions {
  readonly email?: string;
  readonly name?: string;
}

/** `meldesync admin bootstrap`: the first administrator and the first workspace of an installation. */
export function registerAdminBootstrap(parent: CliCommand, parts: GroupParts): void {
  const { context } = parts;
  const { t } = context;
  const command = addCommand<BootstrapOptions>(
    parent,
    parts,
    { name: 'bootstrap', description: t('help.adminBootstrap') },
    async (options) => bootstrap(context, options),
  )
    .option('--email <address>', t('help.adminEmailOption'))
    .option('--name <name>', t('help.adminNameOption'))
    .option('--link <url>', t('help.linkOption'))
    .option('--password-stdin', t('help.linkPasswordStdin'));
  addExamples(command, context, [
    ['meldesync admin bootstrap', t('help.exampleBootstrap')],
    [
      'meldesync admin bootstrap --email … --name … --workspace … --password-stdin < link-and-password',
      t('help.exampleBootstrapStdin'),
    ],
  ]);
}

async function bootstrap(context: CliContext, options: BootstrapOptions): Promise<ExitCode> {
  const { terminal, t } = context;
  const signIns = await openSignIns(terminal);
  const { link, newPassword } = await readSecrets(context, options, 'set-up');
  const server = await findServer(context, options.server ?? link.server, signIns);
  const answers = {
    secret: link.secret,
    email: await given(context, '--email', options.email, t('login.email')),
    name: await given(context, '--name', options.name, t('links.ownName')),
    workspace: await given(context, '--workspace', options.workspace, t('links.workspaceName')),
    password: await newPassword(),
  };
  const made = await openEntry(context, server).setUp(answers);
  if (!options.json) print(context, t('links.isSetUp', { workspace: answers.workspace }));
  const { email, workspace } = made;
  await enterWith(context, signIns, { server, email, password: answers.password, workspace });
  if (options.json) printJson(context, made);
  return EXIT.ok;
}

/** What was given as an option, or is asked for. Throws `missingOption`. */
async function given(
  { terminal }: CliContext,
  option: string,
  value: string | undefined,
  question: string,
): Promise<string> {
  const said = value ?? (canAsk(terminal) ? await ask(terminal, question) : '');
  if (said === '') throw new CliError('missingOption', { option, help: 'meldesync admin bootstrap --help' });
  return said;
}
