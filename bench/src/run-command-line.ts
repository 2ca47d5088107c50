import { setMaxListeners } from 'node:events';
import type { BenchContext, Part } from './context.ts';
import { UsageError } from './options.ts';
import { brokenRunLine, EXIT_CODES, type Outcome } from './verdict.ts';

/** Somebody asked for the end. */
class Interruption extends Error {}

/** How long everything may take to end after an interruption. */
const END_LIMIT_MS = 20_000;

/** What a name on the command line does: resolves with whether all was well, or how it ended. Throws `UsageError` for wrong arguments. */
export type Command = (
  args: readonly string[],
  context: (profileFolder: string | undefined) => BenchContext,
) => Promise<boolean | Outcome>;

export interface CommandLine {
  readonly kind: 'benchmark' | 'drill';
  readonly usage: string;
  readonly commands: Readonly<Record<string, Command>>;
}

/**
 * Runs the command that the process was started with and sets the exit status: 0 when all held, 1 when the system fell
 * short, 2 when the run could not be made (also when it was interrupted, or asked for wrongly). A run that breaks says in
 * one line of JSON what was being done and what broke; `DEBUG=1` adds the stack. Ends orderly when interrupted. `--list` prints
 * the names of all commands, a line each, `--help` how each is called.
 */
export async function runCommandLine({ kind, usage, commands }: CommandLine): Promise<void> {
  const interruption = new AbortController();
  // As many as there are things to end.
  setMaxListeners(0, interruption.signal);
  const interrupt = (reason: Error): void => {
    if (interruption.signal.aborted) return;
    interruption.abort(reason);
    setTimeout(() => process.exit(EXIT_CODES['could-not-run']), END_LIMIT_MS).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt(new Interruption(signal)));
  const now: { step: string; part: Part } = { step: 'starting', part: 'preparation' };
  const step = (text: string, part: Part = now.part): void => {
    Object.assign(now, { step: text, part });
    console.error(`${text} …`);
  };
  const [name = '', ...args] = process.argv.slice(2);
  if (process.argv.includes('--help')) {
    console.log(usage);
    return;
  }
  if (name === '--list') {
    console.log(Object.keys(commands).join('\n'));
    return;
  }
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command) throw new UsageError(name === '' ? 'Which one?' : `There is no ${name}.`);
    const { signal } = interruption;
    const result = await command(args, (profileFolder) => ({ signal, fail: interrupt, profileFolder, step }));
    const outcome = typeof result === 'string' ? result : result ? 'held' : 'fell-short';
    process.exitCode = EXIT_CODES[outcome];
  } catch (error) {
    const cause: unknown = interruption.signal.aborted ? interruption.signal.reason : error;
    if (cause instanceof UsageError) console.error(`${cause.message}\n${usage}`);
    else if (process.env['DEBUG'] && !(cause instanceof Interruption)) console.error(cause);
    const isOwnFault = now.part === 'trial' && !(cause instanceof Interruption);
    const outcome = isOwnFault ? 'fell-short' : 'could-not-run';
    console.log(brokenRunLine({ kind, name, outcome, during: now.step, why: whyOf(cause) }));
    process.exitCode = EXIT_CODES[outcome];
  }
}

function whyOf(cause: unknown): string {
  if (cause instanceof Interruption) return `interrupted by ${cause.message}`;
  if (!(cause instanceof Error)) return String(cause);
  const deeper = cause.cause instanceof Error ? `: ${whyOf(cause.cause)}` : '';
  return `${cause.message || cause.name}${deeper}`;
}
