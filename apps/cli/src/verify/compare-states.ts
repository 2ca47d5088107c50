import type { PassedState } from '@meldesync/client';
import { type ChecksumAnswer, comparePositions, parseCursor } from '@meldesync/protocol';

/** What database, feed and client hold. */
export interface Finding extends ChecksumAnswer {
  readonly screen: number;
  readonly screenRecords: number;
  readonly isEqual: boolean;
}

/**
 * The state of the client in which it held what the database held when it answered, and what the feed says there; undefined while
 * there is none. The database is asked after its answer's cursor was read, so only states from there on are looked at. Whoever
 * writes meanwhile only makes the client pass through that state instead of resting in it.
 */
export function findSameState(answer: ChecksumAnswer, states: readonly PassedState[]): Finding | undefined {
  const asked = parseCursor(answer.cursor);
  for (const { cursor, checksum, served, records } of states) {
    if (checksum !== answer.database) continue;
    const at = parseCursor(cursor);
    if (at.epoch !== asked.epoch || comparePositions(at.position, asked.position) < 0) continue;
    const feed = answer.feed === null || cursor === answer.cursor ? answer.feed : served;
    if (feed !== null && feed !== checksum) continue;
    return { ...answer, cursor, feed, screen: checksum, screenRecords: records, isEqual: true };
  }
  return undefined;
}

/** What is told where no state was the same: the client as it was where the feed was asked, or as it is. */
export function tellDifference(answer: ChecksumAnswer, states: readonly PassedState[]): Finding {
  const there = states.findLast(({ cursor }) => cursor === answer.cursor) ?? states.at(-1);
  return { ...answer, screen: there?.checksum ?? 0, screenRecords: there?.records ?? 0, isEqual: false };
}
