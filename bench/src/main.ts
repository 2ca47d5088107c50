import type { BenchContext } from './context.ts';
import { FANOUT_OPTIONS, runFanout } from './fanout.ts';
import { LATENCY_OPTIONS, runLatency } from './latency.ts';
import { readOptions, UsageError } from './options.ts';

const USAGE = `npm run bench -- latency [--clients 200] [--rate 20] [--seconds 30] [--profile FOLDER]
npm run bench -- fanout  [--clients 500] [--rate 40] [--seconds 20] [--rounds 2] [--profile FOLDER]`;
/** How long everything may take to end after an interruption. */
const END_LIMIT_MS = 20_000;

/** Somebody asked for the end. */
class Interruption extends Error {}

const interruption = new AbortController();
const interrupt = (reason: Error): void => {
  if (interruption.signal.aborted) return;
  interruption.abort(reason);
  setTimeout(() => process.exit(1), END_LIMIT_MS).unref();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt(new Interruption(signal)));

try {
  process.exitCode = (await run(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  const cause = interruption.signal.aborted ? (interruption.signal.reason as Error) : error;
  if (cause instanceof UsageError) console.error(`${cause.message}\n${USAGE}`);
  else console.error(cause instanceof Interruption ? `ended by ${cause.message}` : cause);
  process.exitCode = 1;
}

function run([name, ...args]: readonly string[]): Promise<boolean> {
  const context = (profileFolder: string | undefined): BenchContext => ({
    signal: interruption.signal,
    fail: interrupt,
    profileFolder,
  });
  switch (name) {
    case 'latency': {
      const { numbers, profileFolder } = readOptions(args, LATENCY_OPTIONS);
      return runLatency(context(profileFolder), numbers);
    }
    case 'fanout': {
      const { numbers, profileFolder } = readOptions(args, FANOUT_OPTIONS);
      return runFanout(context(profileFolder), numbers);
    }
    default:
      throw new UsageError(name === undefined ? 'Which benchmark?' : `There is no benchmark ${name}.`);
  }
}
