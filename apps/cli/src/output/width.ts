import type { Terminal } from '../terminal.ts';

/** Nothing is cut where a program reads: `grep` finds what a terminal would not show. */
const UNLIMITED = 100_000;

/** Characters a line of standard error may have before it is broken. */
export function asideWidth({ stderr }: Terminal): number {
  return stderr.isTTY === true ? stderr.columns || 80 : UNLIMITED;
}

/** Characters a line of standard output may have: COLUMNS, the terminal's width, or as many as it takes. */
export function outputWidth(terminal: Terminal): number {
  const wanted = Number(terminal.env['COLUMNS']);
  if (Number.isInteger(wanted) && wanted >= 20) return wanted;
  return terminal.stdout.isTTY === true ? terminal.stdout.columns || 80 : UNLIMITED;
}
