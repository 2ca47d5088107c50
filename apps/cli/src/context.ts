import { detectLanguage, type Language } from './messages/language.ts';
import { type Translate, translatorOf } from './messages/translator.ts';
import { createDateTexts, type DateTexts } from './output/dates.ts';
import { describeForDebug } from './output/debug-text.ts';
import { createStyle, type Style, wantsColor } from './output/style.ts';
import { steady, wrap } from './output/text.ts';
import { asideWidth } from './output/width.ts';
import type { AccessOptions } from './session/access.ts';
import type { Terminal } from './terminal.ts';

/** What every command works with. */
export interface CliContext {
  readonly terminal: Terminal;
  readonly language: Language;
  readonly t: Translate;
  readonly dates: DateTexts;
  /** Style of standard output. */
  readonly style: Style;
  /** Style of standard error. */
  readonly errorStyle: Style;
}

/** Options that every command takes. */
export type GlobalOptions = AccessOptions;

/** Builds the context from the process: language and colours, once. */
export function createContext(terminal: Terminal): CliContext {
  const language = detectLanguage(terminal.args, terminal.env);
  return {
    terminal,
    language,
    t: translatorOf(language),
    dates: createDateTexts(language),
    style: createStyle(wantsColor(terminal.stdout, terminal.env, terminal.args)),
    errorStyle: createStyle(wantsColor(terminal.stderr, terminal.env, terminal.args)),
  };
}

/** Writes a line for whoever reads the result, maybe behind an empty one. */
export function print(context: CliContext, line = ''): void {
  context.terminal.stdout.write(`${behindBreak(line)}\n`);
}

/** Writes about the work itself (warnings, connection state), beside the result; broken to fit a terminal. */
export function printAside({ terminal }: CliContext, text = '', indent = ''): void {
  for (const line of wrap(behindBreak(text), asideWidth(terminal), indent)) terminal.stderr.write(`${line}\n`);
}

/** The same, not broken: lines of a table, and what is to be copied. */
export function printAsideWhole({ terminal }: CliContext, line: string): void {
  terminal.stderr.write(`${steady(line)}\n`);
}

/** A line break at the beginning is ours, any other is part of a text. */
function behindBreak(line: string): string {
  return line.startsWith('\n') ? `\n${steady(line.slice(1))}` : steady(line);
}

/** Writes where an error and its causes come from, only when DEBUG=meldesync asks for it; never what a case holds. */
export function printDebug(context: CliContext, error: unknown): void {
  if (!isDebugging(context.terminal.env)) return;
  for (const line of describeForDebug(error).split('\n')) printAsideWhole(context, line);
}

/** DEBUG holds names, separated by commas or blanks; `*` is any. */
function isDebugging(env: NodeJS.ProcessEnv): boolean {
  return (env['DEBUG'] ?? '').split(/[\s,]+/).some((name) => name === '*' || name === 'meldesync');
}
