/** An entry of the trail. */
export interface FoundEvent {
  readonly subject: string | null;
  readonly kind: string;
  readonly actor: string;
  /** Milliseconds. */
  readonly at: number;
}

const named = ({ kind, actor }: FoundEvent): string => `${kind} ${actor}`;

/** Whether entries are the expected ones, each once, and none was by its time before one that came first. */
function isSame(own: readonly FoundEvent[], expected: readonly string[], precisionMs: number): boolean {
  if (own.length !== expected.length || own.map(named).toSorted().join() !== expected.toSorted().join()) return false;
  const left = [...own];
  const inOrder = expected.flatMap((one) =>
    left.splice(
      left.findIndex((entry) => named(entry) === one),
      1,
    ),
  );
  return inOrder.every(({ at }, index) => at >= (inOrder[index - 1]?.at ?? at) - precisionMs);
}

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

  /**
   * Events that differ from those on record, as a list of what is wrong; empty when each is there once, in order, and none else. In order is
   * by the time of the entries, which of what is noted after the fact is right to so many milliseconds.
   */
  compareEvents(entries: readonly FoundEvent[], precisionMs: number): string[] {
    const found = new Map<string, FoundEvent[]>();
    for (const entry of entries) {
      const key = entry.subject ?? 'none';
      found.set(key, [...(found.get(key) ?? []), entry]);
    }
    const wrong: string[] = [];
    for (const [subject, did] of this.#bySubject) {
      const own = found.get(subject) ?? [];
      found.delete(subject);
      const rivals = this.#rivals.get(subject.replace(/^lock:/, ''));
      const end = rivals && own.map(named).find((one) => rivals.has(one));
      const expected = rivals ? [...did, end ?? [...rivals].join(' or ')] : did;
      if (!isSame(own, expected, precisionMs))
        wrong.push(`${subject}: ${own.map(named).join(', ')} in place of ${expected.join(', ')}`);
    }
    for (const [subject, own] of found) wrong.push(`${subject}: ${own.map(named).join(', ')}, which nobody did`);
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
