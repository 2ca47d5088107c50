import type { OneTimeLink } from '@meldesync/protocol';
import { type CliContext, print, printAside } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printJson } from '../output/json.ts';
import { printLink } from './print-link.ts';

interface ReportOptions {
  readonly json?: boolean;
}

/** Says what was done: as JSON or in a sentence, whichever was asked for. */
export function report(context: CliContext, options: ReportOptions, json: unknown, sentence: string): ExitCode {
  if (options.json) printJson(context, json);
  else print(context, sentence);
  return EXIT.ok;
}

/** Says that a link was made, and the link itself. */
export function reportLink(
  context: CliContext,
  options: ReportOptions,
  { json, link, sentence }: { readonly json: unknown; readonly link: OneTimeLink; readonly sentence: string },
): ExitCode {
  if (options.json) printJson(context, json);
  else {
    printAside(context, sentence);
    printLink(context, link);
  }
  return EXIT.ok;
}
