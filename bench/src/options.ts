import { parseArgs } from 'node:util';

/** The arguments do not say what to do; the message is for the person who typed them. */
export class UsageError extends Error {}

/**
 * Reads `--name number` for each of the defaults, and `--profile folder`.
 * @throws {UsageError}
 */
export function readOptions<Name extends string>(
  args: readonly string[],
  defaults: Readonly<Record<Name, number>>,
): { readonly numbers: Readonly<Record<Name, number>>; readonly profileFolder: string | undefined } {
  const names = Object.keys(defaults) as Name[];
  const options = Object.fromEntries(['profile', ...names].map((name) => [name, { type: 'string' as const }]));
  const { values } = parse(args, options);
  const entries = names.map((name) => [name, readCount(name, values[name], defaults[name])] as const);
  return { numbers: Object.fromEntries(entries) as Record<Name, number>, profileFolder: values['profile'] };
}

function parse(args: readonly string[], options: Record<string, { type: 'string' }>) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Reads what stands behind `--name`. @throws {UsageError} for what is no whole number from 1 */
export function readCount(name: string, value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new UsageError(`--${name} ${value}: give a whole number from 1`);
  return number;
}
