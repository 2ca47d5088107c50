import { Command, type Option } from 'commander';
import { CliError } from '../errors.ts';

/** Takes the exit code of the command that ran: one of `EXIT`, or that of a program it ran for the person. */
export type Finish = (exitCode: number) => void;

/**
 * A command whose complaints about the command line are `CliError`s with a translated sentence. Commander itself calls
 * the methods below and would print in English; `command.test.ts` holds each of them to that.
 */
export class CliCommand extends Command {
  override createCommand(name?: string): CliCommand {
    return new CliCommand(name);
  }

  unknownOption(flag: string): never {
    throw new CliError('unknownOption', { option: flag, help: this.helpCall() });
  }

  unknownCommand(): never {
    throw new CliError('unknownCommand', { command: this.args[0] ?? '', help: this.helpCall() });
  }

  missingArgument(name: string): never {
    throw new CliError('missingArgument', { argument: name.toUpperCase(), help: this.helpCall() });
  }

  optionMissingArgument(option: Option): never {
    throw new CliError('optionMissingArgument', { option: option.long ?? option.flags, help: this.helpCall() });
  }

  missingMandatoryOptionValue(option: Option): never {
    throw new CliError('optionMissingArgument', { option: option.long ?? option.flags, help: this.helpCall() });
  }

  _excessArguments(received: readonly string[]): never {
    // It runs when its group is called without a command: what was typed is none that there is.
    if (this.parent instanceof CliCommand && this.parent.args[0] !== this.name()) this.parent.unknownCommand();
    const excess = received.slice(this.registeredArguments.length).join(' ');
    throw new CliError('excessArguments', { excess, help: this.helpCall() });
  }

  _conflictingOption(option: Option, conflicting: Option): never {
    throw new CliError('conflictingOptions', {
      first: option.long ?? option.flags,
      second: conflicting.long ?? conflicting.flags,
    });
  }

  /** The call that shows the help of this command. */
  private helpCall(): string {
    return `${pathOf(this)} --help`;
  }
}

/** The names from the program down to a command. */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
