import { steady } from '../output/text.ts';
import { onAbort } from '../session/live-records.ts';
import type { Terminal } from '../terminal.ts';

/** The whole terminal, drawn anew each time; disposed of, it shows again what it showed before. */
export interface Screen extends Disposable {
  /** Aborted once the person has pressed `q` or Ctrl-C. */
  readonly left: AbortSignal;
  /** Draws lines that are made for a width, as many as fit; and again when the size changes. */
  draw(lines: (width: number) => readonly string[]): void;
}

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const END_OF_LINE = '\u001b[K';
const BELOW = '\u001b[J';

const CTRL_C = '\u0003';

/** Takes the terminal over: keys come one by one from now on, and what is drawn is on a screen of its own. */
export function openScreen({ stdin, stdout, signal }: Terminal): Screen {
  const leaving = new AbortController();
  let latest: (width: number) => readonly string[] = () => [];
  const drawNow = (): void => {
    const lines = latest(stdout.columns || 80);
    const room = Math.max(1, (stdout.rows || 24) - 1);
    stdout.write(
      `${HOME}${lines
        .slice(0, room)
        .map((line) => `${steady(line)}${END_OF_LINE}\n`)
        .join('')}${BELOW}`,
    );
  };
  const onKey = (key: Buffer | string): void => {
    if (/[qQ]/.test(String(key)) || String(key).includes(CTRL_C)) leaving.abort();
  };
  stdin.setRawMode?.(true);
  stdin.on('data', onKey);
  stdin.resume();
  stdout.on('resize', drawNow);
  stdout.write(ENTER);
  onAbort(signal, () => leaving.abort(), leaving.signal);
  return {
    left: leaving.signal,
    draw: (lines) => {
      latest = lines;
      drawNow();
    },
    [Symbol.dispose]: () => {
      leaving.abort();
      stdout.off('resize', drawNow);
      stdin.off('data', onKey);
      stdin.setRawMode?.(false);
      stdin.pause();
      stdout.write(LEAVE);
    },
  };
}
