import type { CliContext } from '../context.ts';
import { LANGUAGES } from '../messages/language.ts';
import { VERSION } from '../version.ts';
import { CliCommand, type Finish } from './command.ts';
import type { Register } from './commands.ts';
import { addReference, helpConfiguration } from './help.ts';
import { WordOption } from './option-values.ts';

/** The command line: options every command takes, and commands. */
export function createProgram(context: CliContext, finish: Finish, commands: readonly Register[]): CliCommand {
  const { t, terminal } = context;
  const program = new CliCommand('meldesync');
  program
    .description(t('help.program'))
    .usage(t('help.usageProgram'))
    .version(VERSION, '-V, --version', t('help.versionOption'))
    .helpOption('-h, --help', t('help.helpOption'))
    .helpCommand('help [command]', t('help.helpCommand'))
    .option('--server <url>', t('help.serverOption'))
    .option('--workspace <name>', t('help.workspaceOption'))
    .option('--token-file <path>', t('help.tokenFileOption'))
    .addOption(new WordOption('--lang <language>', t('help.langOption'), LANGUAGES))
    .option('--no-color', t('help.colorOption'))
    .exitOverride()
    .configureHelp(helpConfiguration(context))
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      getOutHelpWidth: () => terminal.stdout.columns || 80,
      getErrHelpWidth: () => terminal.stderr.columns || 80,
      getOutHasColors: () => true,
      getErrHasColors: () => true,
    });
  for (const registerCommand of commands) registerCommand(program, context, finish);
  addReference(program, context);
  return program;
}
