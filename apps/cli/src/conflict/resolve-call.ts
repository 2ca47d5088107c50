import { type CliContext, type GlobalOptions, printAside, printAsideWhole } from '../context.ts';

/** What a person may copy to go on after a conflict; the ways that need no more to be said first. */
export function printResolveCalls(context: CliContext, conflict: string, options: GlobalOptions): void {
  const { t, errorStyle } = context;
  const ways = [
    ['--mine', t('conflict.wayMine')],
    ['--theirs', t('conflict.wayTheirs')],
    [`--set ${t('conflict.waySetValue')}`, t('conflict.waySet')],
    ['--drop', t('conflict.wayDrop')],
  ] as const;
  const calls = ways.map(([flags]) => resolveCall(conflict, flags, options));
  const width = Math.max(...calls.map((call) => call.length));
  printAside(context, `  ${t('conflict.goOn')}`);
  for (const [index, [, does]] of ways.entries()) {
    // Not broken into lines: it is to be copied.
    printAsideWhole(context, `    ${(calls[index] ?? '').padEnd(width)}  ${errorStyle.dim(`# ${does}`)}`);
  }
}

/** The call as it would be typed into a shell, for the same server and workspace. */
function resolveCall(conflict: string, flags: string, { server, workspace }: GlobalOptions): string {
  return [
    `meldesync resolve ${conflict} ${flags}`,
    ...(server === undefined ? [] : [`--server ${quote(server)}`]),
    ...(workspace === undefined ? [] : [`--workspace ${quote(workspace)}`]),
  ].join(' ');
}

/** A word for a POSIX shell. */
function quote(word: string): string {
  return /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
