import type { PresenceSnapshot, PresenceStore } from '@meldesync/client';

/** Who has which record open. */
export interface Attendance {
  /** User ids; the same array until it changes. */
  of(record: number): readonly string[];
}

const NOBODY: readonly string[] = [];

/** Turns the list of people round, once for each state of it, for the rows that ask. */
export function createAttendance(presence: Pick<PresenceStore, 'getSnapshot'>): Attendance {
  let read: PresenceSnapshot | null = null;
  let byRecord: ReadonlyMap<number, readonly string[]> = new Map();
  return {
    of(record) {
      const snapshot = presence.getSnapshot();
      if (snapshot !== read) {
        read = snapshot;
        byRecord = turnRound(snapshot, byRecord);
      }
      return byRecord.get(record) ?? NOBODY;
    },
  };
}

function turnRound(
  { people }: PresenceSnapshot,
  before: ReadonlyMap<number, readonly string[]>,
): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  for (const { user, records } of people) {
    for (const record of records) {
      const users = found.get(record);
      if (users) users.push(user);
      else found.set(record, [user]);
    }
  }
  const kept = new Map<number, readonly string[]>();
  for (const [record, users] of found) {
    const known = before.get(record);
    kept.set(record, known?.join() === users.join() ? known : users);
  }
  return kept;
}
