import { isatty } from 'node:tty';

/** Those that were a terminal when the program began. */
const TERMINALS = [0, 1, 2].filter((descriptor) => isatty(descriptor));

/** Whether the terminal that this program was started in is gone: nobody reads what it says, and nobody can stop it by a key. */
export function isTerminalGone() {
  return TERMINALS.some((descriptor) => !isatty(descriptor));
}
