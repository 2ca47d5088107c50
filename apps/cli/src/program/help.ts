import type { HelpConfiguration } from 'commander';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import type { CliCommand } from './command.ts';

/** Help in the language and the style of the output. */
export function helpConfiguration({ t, style }: CliContext): HelpConfiguration {
  // Commander asks for the style of its English titles only; that is where they are translated.
  const titles: Record<string, string> = {
    'Usage:': t('help.usage'),
    'Arguments:': t('help.arguments'),
    'Options:': t('help.options'),
    'Global Options:': t('help.globalOptions'),
    'Commands:': t('help.commands'),
  };
  return {
    showGlobalOptions: true,
    styleTitle: (title) => style.bold(titles[title] ?? title),
    subcommandTerm: (command) =>
      [command.name(), ...command.registeredArguments.map((argument) => argumentTerm(argument.name(), argument))].join(
        ' ',
      ),
    argumentTerm: (argument) => argument.name().toUpperCase(),
    styleSubcommandText: style.cyan,
    styleOptionTerm: style.cyan,
    styleArgumentTerm: style.cyan,
  };
}

/** Adds a heading of examples below a command's help: the call, then what it does. */
export function addExamples(command: CliCommand, context: CliContext, examples: ReadonlyArray<[string, string]>): void {
  const { t, style } = context;
  const lines = examples.flatMap(([call, does]) => [`  ${style.dim(`# ${does}`)}`, `  ${call}`]);
  command.addHelpText('after', () => `\n${style.bold(t('help.examples'))}\n${lines.join('\n')}`);
}

/** Adds the tables of exit codes and environment variables below the help of the program. */
export function addReference(command: CliCommand, context: CliContext): void {
  const { t, style } = context;
  const exits: Array<[string, string]> = [
    [String(EXIT.ok), t('help.exitOk')],
    [String(EXIT.failure), t('help.exitFailure')],
    [String(EXIT.partlyRejected), t('help.exitPartlyRejected')],
    [String(EXIT.conflict), t('help.exitConflict')],
    [String(EXIT.denied), t('help.exitDenied')],
    [String(EXIT.locked), t('help.exitLocked')],
    [String(EXIT.lockLost), t('help.exitLockLost')],
    [String(EXIT.usage), t('help.exitUsage')],
    [String(EXIT.commandNotRunnable), t('help.exitCommandNotRunnable')],
    [String(EXIT.commandNotFound), t('help.exitCommandNotFound')],
    [String(EXIT.interrupted), t('help.exitInterrupted')],
    [String(EXIT.readerGone), t('help.exitReaderGone')],
  ];
  const variables: Array<[string, string]> = [
    ['MELDESYNC_SERVER', t('help.envServer')],
    ['MELDESYNC_TOKEN', t('help.envToken')],
    ['MELDESYNC_TOKEN_FILE', t('help.envTokenFile')],
    ['MELDESYNC_WORKSPACE', t('help.envWorkspace')],
    ['MELDESYNC_PASSWORD', t('help.envPassword')],
    ['MELDESYNC_KEYRING', t('help.envKeyring')],
    ['DEBUG', t('help.envDebug')],
    ['NO_COLOR', t('help.envNoColor')],
  ];
  const section = (title: string, rows: ReadonlyArray<[string, string]>) => {
    const width = Math.max(...rows.map(([term]) => term.length));
    return `\n${style.bold(title)}\n${rows.map(([term, text]) => `  ${style.cyan(term.padEnd(width))}  ${text}`).join('\n')}`;
  };
  command.addHelpText(
    'after',
    () => section(t('help.exitCodes'), exits) + '\n' + section(t('help.environment'), variables),
  );
}

function argumentTerm(name: string, { required, variadic }: { required: boolean; variadic: boolean }): string {
  const shown = `${name.toUpperCase()}${variadic ? '…' : ''}`;
  return required ? shown : `[${shown}]`;
}
