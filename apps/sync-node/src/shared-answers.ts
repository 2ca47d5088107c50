/** A computation under way for a key. */
interface Run<Answer> {
  /** Resolves when it is over, however it went. */
  readonly over: Promise<void>;
  /** What all who asked meanwhile get. */
  next?: Promise<Answer>;
}

/**
 * What costs a lot and is asked for by many: for each key one answer at a time is made, and all who ask meanwhile share the next one.
 * So nobody gets one that was begun before they asked.
 */
export class SharedAnswers<Answer> {
  readonly #make: (key: string) => Promise<Answer>;
  readonly #running = new Map<string, Run<Answer>>();

  constructor(make: (key: string) => Promise<Answer>) {
    this.#make = make;
  }

  /** Rejects as making the answer does. */
  ask(key: string): Promise<Answer> {
    const running = this.#running.get(key);
    if (!running) return this.#begin(key);
    running.next ??= running.over.then(() => this.#begin(key));
    return running.next;
  }

  #begin(key: string): Promise<Answer> {
    const answer = this.#make(key);
    const ended = () => {
      if (!run.next) this.#running.delete(key);
    };
    const run: Run<Answer> = { over: answer.then(ended, ended) };
    this.#running.set(key, run);
    return answer;
  }
}
