import type { CliContext } from '../context.ts';
import { steadyJson } from './text.ts';

/** Writes one JSON document for people and scripts alike. */
export function printJson(context: CliContext, value: unknown): void {
  context.terminal.stdout.write(`${steadyJson(value, 2)}\n`);
}

/** Writes one line of JSON Lines. */
export function printJsonLine(context: CliContext, value: unknown): void {
  context.terminal.stdout.write(`${steadyJson(value)}\n`);
}
