import { CommanderError } from 'commander';
import { createContext, printAside, printAsideWhole, printDebug } from './context.ts';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { describeFailure, failureToJson } from './failure.ts';
import { printable, steadyJson } from './output/text.ts';
import { loadCommands } from './program/commands.ts';
import { createProgram } from './program/program.ts';
import type { Terminal } from './terminal.ts';

/** Runs one command line to its end and resolves with its exit code. Never rejects. */
export async function runCli(terminal: Terminal): Promise<number> {
  const context = createContext(terminal);
  let exitCode: number = EXIT.ok;
  try {
    const finish = (code: number) => {
      exitCode = code;
    };
    const program = createProgram(context, finish, await loadCommands(terminal.args));
    if (terminal.args.length === 0) {
      program.outputHelp({ error: true });
      throw new CliError('noCommand');
    }
    await program.parseAsync(terminal.args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // `--help` and `--version` end a command line this way too.
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    printDebug(context, error);
    const known = error instanceof CommanderError ? new CliError('usage', { help: 'meldesync --help' }) : error;
    const failure = describeFailure(known, context.t, context.language);
    if (wantsJson(terminal.args)) printAsideWhole(context, steadyJson(failureToJson(failure)));
    else printAside(context, context.errorStyle.red(printable(failure.sentence)));
    return failure.exitCode;
  }
}

/** Read from the raw arguments: also a command line that cannot be understood is refused in the form that was asked for. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? args.length : end).includes('--json');
}
