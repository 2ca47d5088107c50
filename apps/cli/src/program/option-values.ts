import type { CaseSortColumn } from '@meldesync/client';
import { CliError } from '../errors.ts';

/** Parser of an option that takes one of some words. */
export function oneOf<Word extends string>(option: string, words: readonly Word[]): (value: string) => Word {
  return (value) => {
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw new CliError('invalidOptionValue', { option, value, allowed: words.join(', ') });
    return word;
  };
}

/** Parser of an option that takes a whole number from 1. */
export function positiveInteger(option: string): (value: string) => number {
  return (value) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : 0;
    if (number < 1) throw new CliError('invalidOptionValue', { option, value, allowed: '1, 2, 3, …' });
    return number;
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
