/** What the thread is asked. */
export interface ScoreQuestion {
  readonly password: string;
  /** What belongs to the person. */
  readonly words: readonly string[];
}

/** What it answers: 0 (found at once) to 4 (very hard to guess). */
export interface ScoreAnswer {
  readonly password: string;
  readonly score: number;
}

/** Looks at passwords, one after the other, in a thread of its own; nothing leaves the browser. */
export class PasswordScores {
  readonly #thread: Worker;
  #isBusy = false;
  /** The newest one waits, those before it are of no interest any more. */
  #next: ScoreQuestion | null = null;

  constructor(onAnswer: (answer: ScoreAnswer) => void) {
    this.#thread = new Worker(new URL('./password-score-worker.ts', import.meta.url), { type: 'module' });
    this.#thread.addEventListener('message', ({ data }: MessageEvent<ScoreAnswer>) => {
      this.#isBusy = false;
      onAnswer(data);
      if (this.#next) this.ask(this.#next);
    });
  }

  ask(question: ScoreQuestion): void {
    this.#next = this.#isBusy ? question : null;
    if (this.#isBusy) return;
    this.#isBusy = true;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
    this.#thread.postMessage(question);
  }

  end(): void {
    this.#thread.terminate();
  }
}
