import { AWAKE_TIMERS } from '@meldesync/lifecycle';

/**
 * How often the sender of the log is asked for a sign of life, which also tells it that the relay lives: it ends the connection of
 * one that is frozen, for another to take over. Not left to its own questions, since a relay that waits for Redis reads none.
 */
const ASK_EVERY_MS = 1_500;
/** After so many questions that nothing followed on, the connection is dead, or its server: 6 s. */
const QUIET_QUESTIONS = 4;
const MOST_DOUBLINGS = 4;

/** The sender of the log has said nothing for too long, though it was asked. */
export class SenderSilentError extends Error {
  constructor() {
    super('Postgres sends nothing of its log, nor a sign of life');
    this.name = 'SenderSilentError';
  }
}

export interface SenderWatchOptions {
  /** Asks for a sign of life. */
  readonly ask: () => Promise<unknown>;
  /** Whether what has come is still being worked through: nothing is read meanwhile, so nothing can be heard. */
  readonly isBusy: () => boolean;
  /**
   * How often in a row silence ended it before. A server may be busy with its log and say nothing; the patience doubles each time,
   * for a relay that always gave up too early would never get past that.
   */
  readonly silences: number;
  readonly onSilent: (error: Error) => void;
}

/** Keeps the connection that brings the log under watch, until it is disposed of. */
export interface SenderWatch extends Disposable {
  /** Something came. */
  heard(): void;
}

export function watchSender({ ask, isBusy, silences, onSilent }: SenderWatchOptions): SenderWatch {
  const mostQuiet = QUIET_QUESTIONS * 2 ** Math.min(silences, MOST_DOUBLINGS);
  let quiet = 0;
  const look = (): void => {
    quiet = isBusy() ? 0 : quiet + 1;
    if (quiet >= mostQuiet) {
      onSilent(new SenderSilentError());
      return;
    }
    timer = AWAKE_TIMERS.after(ASK_EVERY_MS, look);
  };
  let timer = AWAKE_TIMERS.after(ASK_EVERY_MS, look);
  // By the clock, unlike the wait for an answer: a relay that has little time already speaks late, and the slot goes to another one that has
  // no more time, and reads all of the log from the beginning again.
  const asking = setInterval(() => {
    // Its failure is the end of the connection, which is heard of by itself.
    ask().catch(() => undefined);
  }, ASK_EVERY_MS);
  return {
    heard: () => {
      quiet = 0;
    },
    [Symbol.dispose]: () => {
      timer.cancel();
      clearInterval(asking);
    },
  };
}
