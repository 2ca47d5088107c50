import type { EndedLock } from '@meldesync/protocol';
import { createEmitter, type ReportError } from '../events/emitter.ts';
import type { HeldLock } from '../types/locks.ts';

/** One caller's hold on a lock, and the way to tell that caller that it is gone. */
export interface LockHandle {
  readonly held: HeldLock;
  /** Nothing happens when the caller gave it back before. */
  lose(end: EndedLock): void;
}

interface LockHandleInput {
  readonly lock: string;
  readonly records: readonly number[];
  /** Called once, when the caller gives the lock back; resolves when this hold is gone. */
  readonly giveBack: () => Promise<void>;
  /** Hears of listeners that throw. */
  readonly report: ReportError;
}

/** Makes a hold on a lock that was granted. */
export function createLockHandle({ lock, records, giveBack, report }: LockHandleInput): LockHandle {
  const emitter = createEmitter<EndedLock>(report);
  let lost: EndedLock | null = null;
  let released: Promise<void> | null = null;
  return {
    held: {
      lock,
      records,
      onLost(listener) {
        if (lost) {
          listener(lost);
          return () => undefined;
        }
        return emitter.subscribe(listener);
      },
      release() {
        released ??= lost ? Promise.resolve() : giveBack();
        return released;
      },
    },
    lose(end) {
      if (lost || released) return;
      lost = end;
      emitter.emit(end);
    },
  };
}
