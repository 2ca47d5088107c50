/** A question for a lock that is being answered, and all of the same person in the same workspace. */
export interface LockQuestion extends Disposable {
  readonly all: readonly (readonly number[])[];
}

/** What people ask for at this node and have no answer to yet. */
export class LockQuestions {
  readonly #asked = new Map<string, (readonly number[])[]>();

  /** `records` are asked for until it is disposed of. */
  ask(
    { workspace, user }: { readonly workspace: string; readonly user: string },
    records: readonly number[],
  ): LockQuestion {
    const key = `${workspace} ${user}`;
    const all = this.#asked.get(key) ?? [];
    this.#asked.set(key, all);
    all.push(records);
    return {
      all,
      [Symbol.dispose]: () => {
        all.splice(all.indexOf(records), 1);
        if (all.length === 0) this.#asked.delete(key);
      },
    };
  }
}
