import type { CaseSortColumn } from '@meldesync/client';
import { Argument, Option } from 'commander';
import { CliError } from '../errors.ts';

/** Parser of an option that takes one of some words. */
export function oneOf<Word extends string>(option: string, words: readonly Word[]): (value: string) => Word {
  return (value) => {
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw new CliError('invalidOptionValue', { option, value, allowed: words.join(', ') });
    return word;
  };
}

/** An option that takes one of some words, which the shell completes. (The `choices` of Commander would be in the help, in English.) */
export class WordOption extends Option {
  readonly words: readonly string[];

  constructor(flags: string, description: string, words: readonly string[]) {
    super(flags, description);
    this.words = words;
    this.argParser(oneOf(this.long ?? flags, words));
  }
}

/** The same for an argument. */
export class WordArgument extends Argument {
  readonly words: readonly string[];

  constructor(name: string, description: string, words: readonly string[]) {
    super(name, description);
    this.words = words;
    this.argParser(oneOf(this.name().toUpperCase(), words));
  }
}

/** Parser of an option that takes a whole number from 1. */
export function positiveInteger(option: string): (value: string) => number {
  return (value) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : 0;
    if (number < 1) throw new CliError('invalidOptionValue', { option, value, allowed: '1, 2, 3, …' });
    return number;
  };
}

/** A day: longer than anybody works on one case. */
const LONGEST_DURATION_MS = 24 * 60 * 60 * 1000;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** Parser of a duration such as `30s`, `5m` or `2h`, in milliseconds, at most a day. */
export function duration(option: string): (value: string) => number {
  return (value) => {
    const [, count = '', unit = ''] = /^(\d{1,5})([smh])$/.exec(value) ?? [];
    const ms = Number(count) * (UNIT_MS[unit] ?? 0);
    if (!(ms > 0 && ms <= LONGEST_DURATION_MS)) throw new CliError('invalidDuration', { option, value });
    return ms;
  };
}

/** What `--sort` asks for. */
export interface Sort {
  readonly column: CaseSortColumn;
  readonly direction: 'asc' | 'desc';
}

/** Parser of `column` or `column:asc` or `column:desc`. */
export function sortOrder(option: string, columns: readonly CaseSortColumn[]): (value: string) => Sort {
  return (value) => {
    const [name, direction = 'asc', ...rest] = value.split(':');
    const column = columns.find((candidate) => candidate === name);
    if (column === undefined || (direction !== 'asc' && direction !== 'desc') || rest.length > 0) {
      const allowed = `${columns.join(', ')} (:asc, :desc)`;
      throw new CliError('invalidOptionValue', { option, value, allowed });
    }
    return { column, direction };
  };
}
