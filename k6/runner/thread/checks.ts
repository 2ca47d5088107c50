export interface CheckCount {
  passes: number;
  fails: number;
}

/** How often each check held, by the path of its group and its name, as k6 writes it: `::group::check`. */
export class Checks {
  readonly #counts = new Map<string, CheckCount>();

  record(path: string, holds: boolean): void {
    let count = this.#counts.get(path);
    if (!count) {
      count = { passes: 0, fails: 0 };
      this.#counts.set(path, count);
    }
    if (holds) count.passes += 1;
    else count.fails += 1;
  }

  /** What came in since the last call. */
  take(): Record<string, CheckCount> {
    const taken = Object.fromEntries(this.#counts);
    this.#counts.clear();
    return taken;
  }
}
