import type { StoredLock } from '@meldesync/locks';

/**
 * More than anyone edits at a time, with all of their windows at all nodes: keeps one person from locking everything. Two nodes that are asked at
 * once do not know of each other's answer yet, so that each may grant as much.
 */
const MOST_OF_A_PERSON = { locks: 20, records: 60 };

/** What a person asks for and has no answer to yet: so many questions, for these records. */
interface AskedLocks {
  readonly questions: number;
  readonly records: ReadonlySet<number>;
}

/** Whether a person would have too much with what they ask for. What they hold of the same records would be taken over. */
export function wouldBeTooMuch(own: Iterable<StoredLock>, { questions, records: wanted }: AskedLocks): boolean {
  const held = [...own].filter(({ records }) => !records.some((one) => wanted.has(one)));
  const records = held.reduce((sum, lock) => sum + lock.records.length, wanted.size);
  return held.length + questions > MOST_OF_A_PERSON.locks || records > MOST_OF_A_PERSON.records;
}
