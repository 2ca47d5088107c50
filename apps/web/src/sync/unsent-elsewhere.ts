import { countUnsentElsewhere } from '../device/unsent-database.ts';
import { onUnsentChanged } from '../device/unsent-news.ts';

/** Other pages send theirs in less: what waits for longer is said. */
const LASTING_MS = 10_000;

/** Edits of the person that wait in this browser, and that this page's connection does not have. */
export interface UnsentElsewhere {
  /** How many, and whether there have been some for long. The same object until it changes. */
  getSnapshot(): { readonly count: number; readonly isLasting: boolean };
  subscribe(listener: () => void): () => void;
  dispose(): void;
}

const NONE = { count: 0, isLasting: false };

/** Counts them for as long as it is not disposed of: of a user, beside those of this page in a workspace. */
export function createUnsentElsewhere(user: string, workspace: string): UnsentElsewhere {
  const listeners = new Set<() => void>();
  let snapshot = NONE;
  let isCounting = false;
  /** Something changed while it was counted. */
  let isOld = false;
  let isDisposed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const set = (next: typeof snapshot): void => {
    if (isDisposed || (next.count === snapshot.count && next.isLasting === snapshot.isLasting)) return;
    snapshot = next;
    for (const listener of listeners) listener();
  };
  const counted = (count: number): void => {
    if (count === 0) {
      clearTimeout(timer);
      timer = undefined;
    } else if (!isDisposed) {
      timer ??= setTimeout(() => set({ ...snapshot, isLasting: true }), LASTING_MS);
    }
    set({ count, isLasting: count > 0 && snapshot.isLasting });
  };
  const count = (): void => {
    isOld = isCounting;
    if (isCounting) return;
    isCounting = true;
    countUnsentElsewhere(user, `${user}/${workspace}`)
      // Where nothing can be kept, nothing waits.
      .then(counted, () => counted(0))
      .finally(() => {
        isCounting = false;
        if (isOld) count();
      });
  };

  const unsubscribe = onUnsentChanged(count);
  count();
  return {
    getSnapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      isDisposed = true;
      unsubscribe();
      clearTimeout(timer);
    },
  };
}
