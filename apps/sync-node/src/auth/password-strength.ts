import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { CodedError } from '../coded-error.ts';

/** How long the thread is kept after its last password: it takes up to 100 MB, dictionaries above all. */
const KEPT_MS = 10_000;
/** A password takes at most half a second of a processor, and the thread as much to begin. */
const MOST_MS = 20_000;
/** How many wait at most. */
const MAX_WAITING = 20;

/**
 * How hard passwords are to guess, looked up in a thread that is there only while it is needed: dictionaries and some passwords would hold
 * up everybody's edits for half a second. One at a time; what finds no place, or no answer in time, is `unavailable`.
 */
class PasswordStrength {
  #thread: Worker | undefined;
  #end: NodeJS.Timeout | undefined;
  #waiting = 0;
  #over = Promise.resolve();

  /** 0 to 4; `words` is what belongs to the person. */
  score(password: string, words: readonly string[]): Promise<number> {
    if (this.#waiting > MAX_WAITING) throw new CodedError('unavailable', 'too many passwords wait to be looked at');
    this.#waiting += 1;
    const turn = this.#over.then(() => this.#ask(password, words));
    const ended = () => {
      this.#waiting -= 1;
    };
    this.#over = turn.then(ended, ended);
    return turn;
  }

  async #ask(password: string, words: readonly string[]): Promise<number> {
    clearTimeout(this.#end);
    const thread = this.#thread ?? this.#begin();
    thread.ref();
    try {
      const answer = once(thread, 'message', { signal: AbortSignal.timeout(MOST_MS) });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
      thread.postMessage({ password, words });
      const [score] = (await answer) as [number];
      // What nobody waits for does not keep a process alive.
      thread.unref();
      this.#end = setTimeout(() => this.#stop(), KEPT_MS).unref();
      return score;
    } catch (error) {
      this.#stop();
      if (error instanceof Error && error.name === 'AbortError')
        throw new CodedError('unavailable', 'a password was not looked at in time');
      throw error;
    }
  }

  #begin(): Worker {
    const thread = new Worker(new URL('./password-score-thread.js', import.meta.url), {
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    this.#thread = thread;
    return thread;
  }

  #stop(): void {
    void this.#thread?.terminate();
    this.#thread = undefined;
  }
}

/** Of this process: however many nodes are in it, one thread is enough. */
const strength = new PasswordStrength();

/** How hard a password is to guess, 0 to 4. */
export async function passwordStrength(password: string, words: readonly string[]): Promise<number> {
  return strength.score(password, words);
}
