/** What a test did, as it knows it itself: compared with the trail at the end. */
export class OwnRecord {
  /** Of each subject the kinds that must be on record, in their order, with who did it. */
  readonly #bySubject = new Map<string, string[]>();
  /** Of each record its versions, with who made them. */
  readonly #versions = new Map<number, Map<number, string>>();
  /** Ends of a lock that two people were told at about the same time: one of them is on record. */
  readonly #rivals = new Map<string, Set<string>>();
  /** Of each person the kinds of what they did, in their order. */
  readonly #byPerson = new Map<string, string[]>();

  /** An event. */
  did(subject: string, kind: string, actor: string): void {
    this.#bySubject.set(subject, [...(this.#bySubject.get(subject) ?? []), `${kind} ${actor}`]);
    this.#done(actor, subject, kind);
  }

  /** The end of a lock, which another may have brought about at the same moment. */
  ended(lock: string, kind: string, actor: string): void {
    const ends = this.#rivals.get(lock) ?? new Set();
    this.#rivals.set(lock, ends.add(`${kind} ${actor}`));
  }

  /** A change of a record. */
  changed(record: number, version: number, actor: string): void {
    const versions = this.#versions.get(record) ?? new Map<number, string>();
    if (versions.has(version)) throw new Error(`two have made version ${version} of record ${record}`);
    this.#versions.set(record, versions.set(version, actor));
    this.#done(actor, `record:${record}`, `version-${version}`);
  }

  /** Events that differ from those on record, as a list of what is wrong; empty when each is there once, in order, and none else. */
  compareEvents(
    entries: readonly { readonly subject: string | null; readonly kind: string; readonly actor: string }[],
  ): string[] {
    const found = new Map<string, string[]>();
    for (const { subject, kind, actor } of entries) {
      const key = subject ?? 'none';
      found.set(key, [...(found.get(key) ?? []), `${kind} ${actor}`]);
    }
    const wrong: string[] = [];
    for (const [subject, expected] of this.#bySubject) {
      const own = found.get(subject) ?? [];
      found.delete(subject);
      const rivals = this.#rivals.get(subject.replace(/^lock:/, ''));
      const isRight = rivals
        ? own.length === expected.length + 1 &&
          rivals.has(own.at(-1) ?? '') &&
          own.slice(0, -1).join() === expected.join()
        : own.join() === expected.join();
      if (!isRight)
        wrong.push(`${subject}: ${own.join(', ')} in place of ${[...expected, ...(rivals ?? [])].join(', ')}`);
    }
    for (const [subject, kinds] of found) wrong.push(`${subject}: ${kinds.join(', ')}, which nobody did`);
    return wrong;
  }

  /** The same for changes of records. */
  compareChanges(
    rows: readonly { readonly record: number; readonly version: number; readonly actor: string }[],
  ): string[] {
    const wrong: string[] = [];
    const last = new Map<number, number>();
    let expected = 0;
    for (const versions of this.#versions.values()) expected += versions.size;
    for (const { record, version, actor } of rows) {
      if (version !== (last.get(record) ?? 0) + 1)
        wrong.push(`record ${record}: version ${version} after ${last.get(record)}`);
      last.set(record, version);
      const maker = this.#versions.get(record)?.get(version);
      if (maker !== actor) wrong.push(`record ${record}, version ${version}: by ${actor} in place of ${maker}`);
    }
    if (rows.length !== expected) wrong.push(`${rows.length} changes in place of ${expected}`);
    return wrong;
  }

  /** What a person did, in their order: `<subject> <kind>`. */
  ofPerson(actor: string): readonly string[] {
    return this.#byPerson.get(actor) ?? [];
  }

  get people(): readonly string[] {
    return [...this.#byPerson.keys()];
  }

  get count(): number {
    let count = this.#rivals.size;
    for (const kinds of this.#bySubject.values()) count += kinds.length;
    for (const versions of this.#versions.values()) count += versions.size;
    return count;
  }

  get events(): number {
    let count = this.#rivals.size;
    for (const kinds of this.#bySubject.values()) count += kinds.length;
    return count;
  }

  #done(actor: string, subject: string, kind: string): void {
    this.#byPerson.set(actor, [...(this.#byPerson.get(actor) ?? []), `${subject} ${kind}`]);
  }
}
