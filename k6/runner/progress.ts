import type { Progress } from './own-run.ts';

/** How often a line is written where nothing can be written over. */
const LINE_EVERY_SECONDS = 10;

/** Says where a run stands: one line that is written over on a terminal, now and then a further one elsewhere. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  #lines = 0;
  #isShown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show({ elapsedMs, vusActive, store }: Progress): void {
    const count = (name: string) => Math.round(store.total(name)?.sum ?? 0);
    const text = [
      `${Math.round(elapsedMs / 1_000)} s`,
      `${vusActive} VUs`,
      `${count('iterations')} iterations`,
      `${count('http_reqs')} requests`,
      `${count('ws_sessions')} sockets`,
      `${count('ws_msgs_received')} messages`,
    ].join('  ');
    this.#lines += 1;
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\u001B[K${text}`);
      this.#isShown = true;
    } else if (this.#lines % LINE_EVERY_SECONDS === 0) this.#stream.write(`${text}\n`);
  }

  /** Writes something else, and leaves no half of the line behind. */
  write(text: string): void {
    this.end();
    this.#stream.write(`${text}\n`);
  }

  end(): void {
    if (!this.#isShown) return;
    this.#stream.write('\r\u001B[K');
    this.#isShown = false;
  }
}
