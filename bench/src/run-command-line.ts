import { setMaxListeners } from 'node:events';
import type { BenchContext } from './context.ts';
import { UsageError } from './options.ts';

/** Somebody asked for the end. */
class Interruption extends Error {}

/** How long everything may take to end after an interruption. */
const END_LIMIT_MS = 20_000;

/** What a name on the command line does: resolves with whether all was well. Throws `UsageError` for wrong arguments. */
export type Command = (
  args: readonly string[],
  context: (profileFolder: string | undefined) => BenchContext,
) => Promise<boolean>;

/** Runs the command that the process was started with and sets the exit status. Ends orderly when interrupted. */
export async function runCommandLine(usage: string, commands: Readonly<Record<string, Command>>): Promise<void> {
  const interruption = new AbortController();
  // As many as there are things to end.
  setMaxListeners(0, interruption.signal);
  const interrupt = (reason: Error): void => {
    if (interruption.signal.aborted) return;
    interruption.abort(reason);
    setTimeout(() => process.exit(1), END_LIMIT_MS).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt(new Interruption(signal)));
  const [name, ...args] = process.argv.slice(2);
  try {
    const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command) throw new UsageError(name === undefined ? 'Which one?' : `There is no ${name}.`);
    const passed = await command(args, (profileFolder) => ({
      signal: interruption.signal,
      fail: interrupt,
      profileFolder,
    }));
    process.exitCode = passed ? 0 : 1;
  } catch (error) {
    const cause = interruption.signal.aborted ? (interruption.signal.reason as Error) : error;
    if (cause instanceof UsageError) console.error(`${cause.message}\n${usage}`);
    else console.error(cause instanceof Interruption ? `ended by ${cause.message}` : cause);
    process.exitCode = 1;
  }
}
