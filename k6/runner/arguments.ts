import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigurationError } from './exit.ts';

export interface RunnerArguments {
  readonly scriptFile: string;
  readonly outFolder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly threads: number;
  /** The program k6; the runner itself without it. */
  readonly k6: string | undefined;
  /** What the run is called in the report. */
  readonly title: string;
}

const USAGE = 'k6-runner SCRIPT --out FOLDER [--title TEXT] [-e NAME=VALUE]… [--threads 1] [--k6 PROGRAM]';

/** @throws ConfigurationError in one line */
export function readArguments(args: readonly string[]): RunnerArguments {
  const { values, positionals } = parse(args);
  const [script, ...further] = positionals;
  if (script === undefined || further.length > 0 || values.out === undefined)
    throw new ConfigurationError(`usage: ${USAGE}`);
  const threads = Number(values.threads);
  if (!Number.isInteger(threads) || threads < 1 || threads > 64) {
    throw new ConfigurationError(`--threads ${values.threads}: must be a whole number from 1 to 64`);
  }
  const env = values.env.map((pair) => {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new ConfigurationError(`-e ${pair}: must be NAME=VALUE`);
    return [pair.slice(0, equals), pair.slice(equals + 1)] as const;
  });
  return {
    scriptFile: resolve(script),
    outFolder: resolve(values.out),
    env: Object.fromEntries(env),
    threads,
    k6: values.k6,
    title: values.title ?? script,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        title: { type: 'string' },
        env: { type: 'string', short: 'e', multiple: true, default: [] },
        threads: { type: 'string', default: '1' },
        k6: { type: 'string' },
      },
    });
  } catch (error) {
    throw new ConfigurationError(`${error instanceof Error ? error.message : String(error)}; usage: ${USAGE}`);
  }
}
