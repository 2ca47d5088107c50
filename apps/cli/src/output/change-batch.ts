import type { AppliedChange } from '@meldesync/client';
import { type CliContext, print, printAside } from '../context.ts';
import type { People } from '../session/people.ts';
import { changeToJson, describeChange } from './change-text.ts';
import { printJsonLine } from './json.ts';

interface BatchInput {
  readonly people: People;
  /** How many records there are now. */
  readonly records: number;
  readonly isJson: boolean;
}

/**
 * Prints changes that arrived together, a line each. None at all means that the state was loaded anew: what was printed
 * before no longer adds up to it, which a script that keeps a copy has to hear as well as a person.
 */
export function printBatch(
  context: CliContext,
  changes: readonly AppliedChange[],
  { people, records, isJson }: BatchInput,
): void {
  if (changes.length === 0) {
    if (isJson) printJsonLine(context, { type: 'reloaded', at: new Date().toISOString(), records });
    else printAside(context, context.t('watch.reloaded', { records }));
  }
  for (const change of changes) {
    if (isJson) printJsonLine(context, changeToJson(change, people));
    else print(context, describeChange(change, context, people));
  }
}
