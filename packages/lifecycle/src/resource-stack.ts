/**
 * Resources that end together, the last taken first: the part of `AsyncDisposableStack` that Node 20 lacks. Everything
 * is ended even when something fails to; the first error is thrown then.
 */
export class ResourceStack implements AsyncDisposable {
  #endings: (() => void | PromiseLike<void>)[] = [];

  /** Takes a resource over and returns it. */
  use<T extends Disposable | AsyncDisposable>(resource: T): T {
    this.#endings.push(() =>
      Symbol.asyncDispose in resource ? resource[Symbol.asyncDispose]() : resource[Symbol.dispose](),
    );
    return resource;
  }

  /** Calls a function when the others end. */
  defer(end: () => void | PromiseLike<void>): void {
    this.#endings.push(end);
  }

  /** Hands everything to a new stack; this one has nothing left to end. */
  move(): ResourceStack {
    const moved = new ResourceStack();
    moved.#endings = this.#endings;
    this.#endings = [];
    return moved;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const endings = this.#endings.reverse();
    this.#endings = [];
    const errors: unknown[] = [];
    for (const end of endings) {
      try {
        await end();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
