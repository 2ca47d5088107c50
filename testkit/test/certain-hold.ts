import type { HeldLock, SyncClient } from '@meldesync/client';

/** A window's question for a lock, and when it was over. Times are of one clock. */
export interface Ask {
  readonly client: SyncClient;
  readonly user: string;
  readonly records: readonly number[];
  readonly from: number;
  to?: number;
}

export interface Span {
  readonly from: number;
  /** Infinite while it lasts. */
  to: number;
}

/** A lock that a window got, and when it was certain of it. */
export interface Hold {
  readonly user: string;
  readonly lock: string;
  readonly records: readonly number[];
  readonly spans: readonly Span[];
  /** A question was asked: its person may have taken the lock over with it. */
  asked(ask: Ask): void;
  release(): Promise<void>;
}

/**
 * Follows a lock from its grant on. Its window is certain of it from the answer until it gives it back or hears that it is gone,
 * but for what it knows to be in doubt (ADR 9):
 *
 * - while it has no connection, until the service has listed the lock again: the end may have been told meanwhile;
 * - from when its own person asks for some of the records in another way: that takes the lock over, whatever is then got, and is
 *   known to those who take part before anybody else can have the records, but told to this window after that.
 *
 * Nothing else ends a lock here: nobody takes it away, and every window is heard of more often than a lock lives for.
 */
export function certainHold(ask: Ask, held: HeldLock, asks: readonly Ask[]): Hold {
  const { client, user } = ask;
  const { lock, records } = held;
  const spans: Span[] = [];
  let isOver = false;

  const look = (): void => {
    const last = spans.at(-1);
    const isOpen = last?.to === Number.POSITIVE_INFINITY;
    const isCertain = !isOver && client.locks.get(records[0] ?? 0)?.lock === lock;
    if (isCertain === isOpen) return;
    if (isCertain) spans.push({ from: performance.now(), to: Number.POSITIVE_INFINITY });
    else if (last) last.to = performance.now();
  };
  const over = (): void => {
    isOver = true;
    look();
  };
  /** What a window asks of its own lock it shares. */
  const takesOver = (other: Ask): boolean =>
    other.user === user &&
    other.records.some((id) => records.includes(id)) &&
    (other.client !== client || !other.records.every((id) => records.includes(id)));

  const isContested = asks.some(
    (other) => other !== ask && takesOver(other) && (other.to ?? Number.POSITIVE_INFINITY) >= ask.from,
  );
  if (isContested) isOver = true;
  client.locks.subscribe(look);
  held.onLost(over);
  look();
  return {
    user,
    lock,
    records,
    spans,
    asked(other) {
      if (takesOver(other)) over();
    },
    release() {
      over();
      return held.release();
    },
  };
}
