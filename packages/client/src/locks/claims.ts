import type { LockEnd } from '@meldesync/protocol';
import type { ReportError } from '../events/emitter.ts';
import type { HeldLock } from '../types/locks.ts';
import { createLockHandle, type LockHandle } from './held-lock.ts';

/** What names a lock and what it covers. */
export interface LockRef {
  readonly lock: string;
  readonly records: readonly number[];
}

/** A lock this client holds, and who in it relies on it. */
interface Claim extends LockRef {
  readonly handles: Set<LockHandle>;
}

/** The locks that this client holds. */
export interface Claims {
  readonly size: number;
  has(lock: string): boolean;
  /** The lock that covers all of these records, if one does. */
  covering(records: readonly number[]): LockRef | undefined;
  /** One more who relies on a lock, which is held from now on if it was not. */
  hold(lock: LockRef): HeldLock;
  /** A lock is gone; everyone who relied on it hears of it. Nothing happens when it is not held. */
  lose(lock: string, reason: LockEnd, by?: string): void;
  loseAll(reason: LockEnd): void;
  /** Only these are still there. */
  loseBut(there: ReadonlySet<string>): void;
  values(): IterableIterator<LockRef>;
}

interface ClaimsInput {
  readonly report: ReportError;
  /** Called when the first lock is held, and when the last is gone. */
  readonly onHolding: (isHolding: boolean) => void;
  /** Nobody relies on it any more; resolves when it is gone. */
  readonly giveBack: (lock: LockRef) => Promise<void>;
}

/** Makes the claims of a client that holds nothing. */
export function createClaims({ report, onHolding, giveBack }: ClaimsInput): Claims {
  const claims = new Map<string, Claim>();
  let isHolding = false;

  const checkHolding = (): void => {
    if (isHolding === claims.size > 0) return;
    isHolding = claims.size > 0;
    onHolding(isHolding);
  };
  const release = (claim: Claim, handle: LockHandle): Promise<void> => {
    claim.handles.delete(handle);
    if (claim.handles.size > 0) return Promise.resolve();
    claims.delete(claim.lock);
    checkHolding();
    return giveBack(claim);
  };
  const lose = (lock: string, reason: LockEnd, by?: string): void => {
    const claim = claims.get(lock);
    if (!claim) return;
    claims.delete(lock);
    checkHolding();
    for (const handle of claim.handles) handle.lose({ lock, reason, ...(by === undefined ? {} : { by }) });
  };

  return {
    get size() {
      return claims.size;
    },
    has: (lock) => claims.has(lock),
    values: () => claims.values(),
    covering: (records) => [...claims.values()].find((claim) => covers(claim, records)),

    hold({ lock, records }) {
      const claim = claims.get(lock) ?? { lock, records, handles: new Set() };
      claims.set(lock, claim);
      const handle = createLockHandle({
        lock,
        records: claim.records,
        report,
        giveBack: () => release(claim, handle),
      });
      claim.handles.add(handle);
      checkHolding();
      return handle.held;
    },

    lose,
    loseAll(reason) {
      for (const lock of claims.keys()) lose(lock, reason);
    },

    loseBut(there) {
      for (const lock of claims.keys()) if (!there.has(lock)) lose(lock, 'expired');
    },
  };
}

/** Whether all of the records are among those of `of`. */
export function covers(of: { readonly records: readonly number[] }, records: readonly number[]): boolean {
  return records.every((record) => of.records.includes(record));
}
