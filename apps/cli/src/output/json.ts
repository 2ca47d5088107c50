import { type CliContext, print } from '../context.ts';

/** Writes one JSON document for people and scripts alike. */
export function printJson(context: CliContext, value: unknown): void {
  print(context, JSON.stringify(value, null, 2));
}

/** Writes one line of JSON Lines. */
export function printJsonLine(context: CliContext, value: unknown): void {
  print(context, JSON.stringify(value));
}
