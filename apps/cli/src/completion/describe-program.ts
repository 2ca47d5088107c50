import { readdirSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { RootCommand, type Command as TabCommand } from '@bomb.sh/tab';
import type { Argument, Command, Option } from 'commander';
import { WordArgument, WordOption } from '../program/option-values.ts';

/** What can stand for a value, besides the words that an option names itself. */
export interface KnownValues {
  /** Servers that are known here. */
  readonly servers: readonly string[];
  /** The word that is being typed. */
  readonly word: string;
}

/** Names of arguments and options that mean a file or a folder. */
const PATHS = new Set(['path', 'file', 'tokenFile', 'output', 'checkpoints', 'export', 'key', 'csv']);

/** Describes the command line to the library that completes it. */
export function describeProgram(program: Command, known: KnownValues): RootCommand {
  const root = new RootCommand();
  addOptions(root, program, known);
  addCommands(root, program, [], known);
  return root;
}

function addCommands(root: RootCommand, parent: Command, path: readonly string[], known: KnownValues): void {
  for (const command of parent.createHelp().visibleCommands(parent)) {
    const names = [...path, command.name()];
    const described = root.command(names.join(' '), firstSentence(command.description()));
    addOptions(described, command, known);
    // Options of the program may stand behind a command too.
    for (let above = command.parent; above !== null; above = above.parent) addOptions(described, above, known);
    for (const argument of command.registeredArguments) addArgument(described, argument, known);
    addCommands(root, command, names, known);
  }
}

function addOptions(described: TabCommand, command: Command, known: KnownValues): void {
  for (const option of command.createHelp().visibleOptions(command)) {
    const long = option.long?.slice(2);
    if (long === undefined) continue;
    const short = option.short?.slice(1);
    const text = firstSentence(option.description);
    const takesValue = option.required || option.optional;
    if (takesValue) described.option(long, text, (complete) => forEachValue(option, known, complete), short);
    else if (short === undefined) described.option(long, text);
    else described.option(long, text, short);
  }
}

function addArgument(described: TabCommand, argument: Argument, known: KnownValues): void {
  described.argument(
    argument.name(),
    (complete) => {
      for (const value of valuesOf(argument.name(), wordsOf(argument), known)) complete(value, '');
    },
    argument.variadic,
  );
}

function forEachValue(option: Option, known: KnownValues, complete: (value: string, text: string) => void): void {
  for (const value of valuesOf(option.attributeName(), wordsOf(option), known)) complete(value, '');
}

function wordsOf(of: Option | Argument): readonly string[] | undefined {
  return of instanceof WordOption || of instanceof WordArgument ? of.words : undefined;
}

function valuesOf(name: string, words: readonly string[] | undefined, { servers, word }: KnownValues): string[] {
  if (words !== undefined) return [...words];
  if (name === 'server') return [...servers];
  return PATHS.has(name) ? filesBeginning(word) : [];
}

/** Files and folders beside what is typed so far; the library leaves out what does not begin so. */
function filesBeginning(word: string): string[] {
  const folder = word.endsWith(sep) ? word : word.includes(sep) ? `${dirname(word)}${sep}`.replace(/\/\/$/, '/') : '';
  try {
    return readdirSync(folder || '.', { withFileTypes: true }).map(
      (entry) => `${folder}${entry.name}${entry.isDirectory() ? sep : ''}`,
    );
  } catch {
    // No such folder: nothing begins so.
    return [];
  }
}

function firstSentence(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
