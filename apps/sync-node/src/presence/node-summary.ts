import { MAX_PEOPLE_NAMED, type PresentPerson, presentPerson } from '@meldesync/protocol';
import { z } from 'zod';

/** What a node tells the others of the people it serves in a workspace. */
export const nodeSummary = z.object({
  kind: z.literal('presence'),
  /** The node's process. */
  node: z.string(),
  /** When it was said, epoch milliseconds: what is old comes from a node that died. */
  at: z.number(),
  people: z.array(presentPerson),
  /** How many there are, named or not. */
  total: z.int().nonnegative(),
});
export type NodeSummary = z.infer<typeof nodeSummary>;

/** One connection of a person. */
export interface Visit {
  readonly user: string;
  readonly kind: PresentPerson['kinds'][number];
  readonly records: readonly number[];
}

/** More than this many records are not told of one person. */
const MAX_RECORDS_TOLD = 20;

/** The people behind some connections, or of several nodes: each once, with all they have open. */
export function mergePeople(parts: Iterable<Pick<PresentPerson, 'user' | 'kinds' | 'records'>>): PresentPerson[] {
  const people = new Map<string, { kinds: Set<Visit['kind']>; records: Set<number> }>();
  for (const { user, kinds, records } of parts) {
    const person = people.get(user) ?? { kinds: new Set(), records: new Set() };
    people.set(user, person);
    for (const kind of kinds) person.kinds.add(kind);
    for (const record of records) if (person.records.size < MAX_RECORDS_TOLD) person.records.add(record);
  }
  return [...people].map(([user, { kinds, records }]) => ({
    user,
    kinds: [...kinds].toSorted(),
    records: [...records].toSorted((a, b) => a - b),
  }));
}

/** Those that are named: who has a record open comes first when there are too many; in the order of their ids. */
export function namedPeople(people: readonly PresentPerson[]): PresentPerson[] {
  const byUser = (a: PresentPerson, b: PresentPerson) => (a.user < b.user ? -1 : 1);
  if (people.length <= MAX_PEOPLE_NAMED) return people.toSorted(byUser);
  const busyFirst = people.toSorted(
    (a, b) => Number(b.records.length > 0) - Number(a.records.length > 0) || byUser(a, b),
  );
  return busyFirst.slice(0, MAX_PEOPLE_NAMED).toSorted(byUser);
}
