import { isBefore, type LivingLock, type LockEvent, type StoredLock } from '@meldesync/locks';
import { type EndedLock, LOCK_TTL_MS, type Locks, type RecordLock } from '@meldesync/protocol';
import type { NodeRuntime, Timer } from '../runtime.ts';

/** A holder that was not heard of for so long is shown as going: two heartbeats have failed to come, and a third soon. */
const SILENT_AFTER_MS = 11_000;
/** Redis counts the time, a message takes some: a lock that is just over by this clock may live by that one. */
const SLACK_MS = 50;

interface SeenLock {
  readonly lock: StoredLock;
  /** By this node's monotonic clock. */
  readonly endsAt: number;
  readonly heardAt: number;
  /** Whether the clients were told that it is running out. */
  readonly isEnding: boolean;
}

export interface LockViewOptions {
  readonly runtime: NodeRuntime;
  /** Something that the clients see has changed. */
  readonly onChange: (change: Pick<Locks, 'set' | 'ended'>) => void;
  /** A lock is gone, whoever held it. */
  readonly onEnded: (end: EndedLock) => void;
  /** A lock was written: this is how it stands now. */
  readonly onSet: (lock: StoredLock) => void;
}

/**
 * The locks of a workspace as a node knows them, from what the nodes tell each other. A lock whose node died is never
 * taken back by a message: each view ends it when its time is over (R2.3).
 */
export class LockView implements Disposable {
  readonly #options: LockViewOptions;
  readonly #locks = new Map<string, SeenLock>();
  #timer: Timer | undefined;
  #isOver = false;

  constructor(options: LockViewOptions) {
    this.#options = options;
  }

  /** All locks as the clients see them. */
  all(): RecordLock[] {
    const now = this.#options.runtime.monotonicMs();
    return [...this.#locks.values()].map((seen) => toRecordLock(seen, now));
  }

  /** The locks of a client. */
  ofInstance(user: string, instance: string): StoredLock[] {
    return this.find((lock) => lock.user === user && lock.instance === instance);
  }

  find(matches: (lock: StoredLock) => boolean): StoredLock[] {
    return [...this.#locks.values()].flatMap(({ lock }) => (matches(lock) ? [lock] : []));
  }

  get(id: string): StoredLock | undefined {
    return this.#locks.get(id)?.lock;
  }

  /** Takes what Redis holds as the state. */
  load(locks: readonly LivingLock[]): void {
    const held = new Set(locks.map(({ lock }) => lock));
    for (const id of this.#locks.keys()) if (!held.has(id)) this.#end({ lock: id, reason: 'expired' });
    for (const { endsInMs, ...lock } of locks) this.#set(lock, endsInMs);
    this.#schedule();
  }

  /** Takes news in, unless Redis has said something newer about the same records already: to read and to hear are two ways. */
  receive(event: LockEvent): void {
    if (this.#isOutdated(event)) return;
    if (event.kind === 'lock-set') this.#set(event.lock, event.endsInMs);
    else this.#end({ lock: event.lock, reason: event.reason, ...(event.by === undefined ? {} : { by: event.by }) });
    this.#schedule();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#timer?.cancel();
  }

  #isOutdated(event: LockEvent): boolean {
    if (event.kind === 'lock-ended') return isBefore(event.at, this.get(event.lock)?.writtenAt);
    const { lock, records, writtenAt } = event.lock;
    const standing = this.find(
      (other) => other.lock === lock || other.records.some((record) => records.includes(record)),
    );
    return standing.some((other) => isBefore(writtenAt, other.writtenAt));
  }

  #set(lock: StoredLock, endsInMs: number): void {
    const now = this.#options.runtime.monotonicMs();
    this.#endWhatStoodBefore(lock);
    const before = this.#locks.get(lock.lock);
    const heardAt = now - Math.max(0, LOCK_TTL_MS - endsInMs);
    const seen: SeenLock = { lock, endsAt: now + endsInMs, heardAt, isEnding: lock.orphaned || isSilent(heardAt, now) };
    this.#locks.set(lock.lock, seen);
    this.#options.onSet(lock);
    const isNews =
      !before ||
      before.isEnding !== seen.isEnding ||
      before.lock.instance !== lock.instance ||
      (seen.isEnding && Math.abs(before.endsAt - seen.endsAt) > SLACK_MS);
    if (isNews) this.#options.onChange({ set: [toRecordLock(seen, now)], ended: [] });
  }

  /** What another lock covers now is over, though a Redis that has forgotten it (FLUSHALL) could not say so. */
  #endWhatStoodBefore({ lock, records, user }: StoredLock): void {
    for (const [id, { lock: other }] of this.#locks) {
      if (id === lock || !other.records.some((record) => records.includes(record))) continue;
      this.#end({ lock: id, reason: other.user === user ? 'taken-over' : 'expired' });
    }
  }

  #end(ended: EndedLock): void {
    // Also one that it never heard of: a client here may have been granted it.
    this.#locks.delete(ended.lock);
    this.#options.onEnded(ended);
    this.#options.onChange({ set: [], ended: [ended] });
  }

  /** Wakes when the next lock falls silent or is over. */
  #schedule(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    let next = Number.POSITIVE_INFINITY;
    for (const { endsAt, heardAt, isEnding } of this.#locks.values()) {
      next = Math.min(next, isEnding ? endsAt + SLACK_MS : heardAt + SILENT_AFTER_MS);
    }
    if (next === Number.POSITIVE_INFINITY || this.#isOver) return;
    const { runtime } = this.#options;
    this.#timer = runtime.after(Math.max(1, next - runtime.monotonicMs()), () => this.#look());
  }

  #look(): void {
    const now = this.#options.runtime.monotonicMs();
    for (const [id, seen] of this.#locks) {
      if (now >= seen.endsAt + SLACK_MS) {
        this.#end({ lock: id, reason: 'expired' });
      } else if (!seen.isEnding && isSilent(seen.heardAt, now)) {
        const ending = { ...seen, isEnding: true };
        this.#locks.set(id, ending);
        this.#options.onChange({ set: [toRecordLock(ending, now)], ended: [] });
      }
    }
    this.#schedule();
  }
}

/** A lock as a client sees it. */
export function asRecordLock({ endsInMs, ...lock }: LivingLock): RecordLock {
  return describe(lock, lock.orphaned ? endsInMs : null);
}

function toRecordLock({ lock, endsAt, isEnding }: SeenLock, now: number): RecordLock {
  return describe(lock, isEnding ? Math.max(0, Math.round(endsAt - now)) : null);
}

function describe(lock: StoredLock, endsInMs: number | null): RecordLock {
  return {
    lock: lock.lock,
    records: lock.records,
    user: lock.user,
    instance: lock.instance,
    since: new Date(lock.since).toISOString(),
    endsInMs,
  };
}

function isSilent(heardAt: number, now: number): boolean {
  return now - heardAt >= SILENT_AFTER_MS;
}
