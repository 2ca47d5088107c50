import { type Finding, finding } from '../finding.ts';
import { byWho, type EventOf, type HistoryEvent, ofKind } from '../history-event.ts';

/** A lock is free so long after its holder was last heard of, at the latest (R2.3). */
const LONGEST_KEPT_MS = 30_000;
/** Who loses a lock, as when Redis forgets it, hears of it from another node than who gets it next: on a busy machine a while later. */
const TOLD_WITHIN_MS = 5_000;

/** A time in which somebody was certain to hold some records. */
interface Hold {
  readonly actor: string;
  readonly granted: EventOf<'lock-granted'>;
  readonly untilMs: number;
  /** Since when nobody may be kept out by it any more; undefined while it is held. */
  readonly freeFromMs: number | undefined;
  readonly end: HistoryEvent | undefined;
}

/** No two people hold a lock on one record at a time, and none is kept out by a lock that ended. */
export function checkLocks(events: readonly HistoryEvent[]): Finding[] {
  const actorOf = new Map(ofKind(events, 'began').map(({ who, actor }) => [who, actor]));
  const holds = [...byWho(events)].flatMap(([who, own]) => holdsOf(actorOf.get(who) ?? who, own));
  return [...sharedLocks(holds), ...keptLocks(events, holds)];
}

function holdsOf(actor: string, own: readonly HistoryEvent[]): Hold[] {
  return ofKind(own, 'lock-granted').map((granted) => {
    const later = own.slice(own.indexOf(granted) + 1);
    const ofLock = later.filter((event) => 'lock' in event && event.lock === granted.lock);
    // Who is not live does not know whether they still hold it.
    const doubt = later.find((event) =>
      event.kind === 'told-stale' ? event.state !== 'fetching' : event.kind === 'ended',
    );
    const [ending] = ofLock;
    const end = ofLock.find(({ kind }) => kind === 'lock-ended');
    const untilMs = Math.min(surelyUntilMs(granted, ending), doubt?.monoMs ?? Number.POSITIVE_INFINITY);
    const gone = later.find(({ kind }) => kind === 'ended');
    const freeFromMs = end?.monoMs ?? (gone && gone.monoMs + LONGEST_KEPT_MS);
    return { actor, granted, untilMs, freeFromMs, end: end ?? gone };
  });
}

/** Until when a lock was held for certain: one that was taken away, and not given back, was gone before its holder heard of it. */
function surelyUntilMs(granted: HistoryEvent, ending: HistoryEvent | undefined): number {
  if (!ending) return Number.POSITIVE_INFINITY;
  return ending.kind === 'lock-ended' ? Math.max(granted.monoMs, ending.monoMs - TOLD_WITHIN_MS) : ending.monoMs;
}

function sharedLocks(holds: readonly Hold[]): Finding[] {
  const byRecord = new Map<number, Hold[]>();
  for (const hold of holds) {
    for (const record of hold.granted.records) byRecord.set(record, [...(byRecord.get(record) ?? []), hold]);
  }
  return [...byRecord].flatMap(([record, ofRecord]) => {
    const inOrder = ofRecord.toSorted((a, b) => a.granted.monoMs - b.granted.monoMs);
    return inOrder.flatMap((hold, index) =>
      inOrder
        .slice(0, index)
        .filter((earlier) => earlier.actor !== hold.actor && earlier.untilMs > hold.granted.monoMs)
        .map((earlier) =>
          finding('lock-shared', `record ${record} is locked by ${earlier.actor} and ${hold.actor}`, [
            earlier.granted,
            hold.granted,
          ]),
        ),
    );
  });
}

function keptLocks(events: readonly HistoryEvent[], holds: readonly Hold[]): Finding[] {
  const byLock = new Map(holds.map((hold) => [hold.granted.lock, hold]));
  return ofKind(events, 'lock-refused').flatMap((refused) =>
    refused.locks.flatMap((lock) => {
      const hold = byLock.get(lock);
      if (hold?.freeFromMs === undefined || hold.freeFromMs >= refused.askedMonoMs) return [];
      const proof = hold.end ? [hold.granted, hold.end, refused] : [hold.granted, refused];
      return [finding('lock-kept', `lock ${lock} had ended and keeps ${refused.who} out`, proof)];
    }),
  );
}
