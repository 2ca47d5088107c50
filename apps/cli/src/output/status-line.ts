import type { OutputStream } from '../terminal.ts';
import { steady, truncate } from './text.ts';

/** A line that is written over, for work that takes a moment. Silent where nobody looks. */
export interface StatusLine {
  show(text: string): void;
  clear(): void;
}

export function createStatusLine(stream: OutputStream): StatusLine {
  if (stream.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  let isShown = false;
  return {
    show: (text) => {
      isShown = true;
      stream.write(`\r${truncate(steady(text), (stream.columns || 80) - 1)}\u001b[K`);
    },
    clear: () => {
      if (isShown) stream.write('\r\u001b[K');
      isShown = false;
    },
  };
}
