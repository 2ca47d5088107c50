import { closeSync, openSync, writeSync } from 'node:fs';
import type { Happening, HistoryEvent } from '../history-event.ts';

/** Where histories are written down; each event gets the time at which it was noted. */
export interface HistoryLog {
  note(who: string, happening: Happening): void;
}

/** A history in memory. */
export class MemoryLog implements HistoryLog {
  readonly events: HistoryEvent[] = [];

  note(who: string, happening: Happening): void {
    this.events.push(stamped(who, happening));
  }
}

/** A new history in a file, a line an event. Written at once: a process that is killed leaves what it saw. */
export class FileLog implements HistoryLog, Disposable {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  note(who: string, happening: Happening): void {
    writeSync(this.#file, `${JSON.stringify(stamped(who, happening))}\n`);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}

function stamped(who: string, happening: Happening): HistoryEvent {
  return { who, monoMs: monoNow(), wallMs: Date.now(), ...happening };
}

/** The monotonic time of now, as events have it. Linux counts it from the start of the machine, for all processes alike. */
export function monoNow(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}
