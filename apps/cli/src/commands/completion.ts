import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { WordArgument } from '../program/option-values.ts';
import { openSignIns } from '../session/sign-ins.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** `meldesync completion SHELL`, and what its script asks at each press of the tab key. */
export function registerCompletion(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('completion');
  command
    .description(t('help.completion'))
    .usage(`SHELL ${t('help.usageOptions')}`)
    .addArgument(new WordArgument('<shell>', t('help.completionShell', { shells: SHELLS.join(', ') }), SHELLS))
    .action(async (shell: Shell) => finish(await printScript(shell)));
  addExamples(command, context, [
    ['source <(meldesync completion bash)', t('help.exampleCompletion')],
    ['meldesync completion fish > ~/.config/fish/completions/meldesync.fish', t('help.exampleCompletionFish')],
  ]);
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) => finish(await complete(program, context, words)));
}

/** The library writes to standard output by itself. */
async function printScript(shell: Shell): Promise<ExitCode> {
  const { RootCommand } = await import('@bomb.sh/tab');
  new RootCommand().setup('meldesync', 'meldesync', shell);
  return EXIT.ok;
}

async function complete(program: CliCommand, { terminal }: CliContext, words: string[]): Promise<ExitCode> {
  const { describeProgram } = await import('../completion/describe-program.ts');
  const { servers } = await openSignIns(terminal);
  describeProgram(program, { servers, word: words.at(-1) ?? '' }).parse(words);
  return EXIT.ok;
}
