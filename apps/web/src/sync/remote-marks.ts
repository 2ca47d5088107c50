import type { AppliedChange, RecordStore, Unsubscribe } from '@meldesync/client';
import { CONFLICTING_FIELDS, type ConflictingField, differingFields } from '@meldesync/domain';

/** A colleague's change that just arrived. */
export interface Mark {
  /** As in `Change.by`. */
  readonly by: string;
  /** Epoch milliseconds at which the mark goes. */
  readonly until: number;
}

/** The marks of the last two seconds. */
export interface RemoteMarks {
  /** The same object while the mark lasts. The segment is marked when the Meldebestätigung is new or was replaced. */
  of(record: number, field: ConflictingField): Mark | undefined;
  subscribe(listener: () => void): Unsubscribe;
  dispose(): void;
}

/** How long a colleague's change stays marked. */
export const MARK_MS = 2_000;

/** More changes in one batch than anybody could follow: such a batch is an import and leaves no marks. */
const LARGEST_MARKED_BATCH = 200;

interface Clock {
  now(): number;
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** Watches the store and marks what others change. */
export function createRemoteMarks(store: Pick<RecordStore, 'subscribe'>, clock: Clock): RemoteMarks {
  const marks = new Map<string, Mark>();
  const listeners = new Set<() => void>();
  let timer: unknown = null;

  const notify = (): void => {
    for (const listener of listeners) listener();
  };

  const schedule = (): void => {
    const [first] = marks.values();
    timer = first ? clock.setTimeout(expire, Math.max(0, first.until - clock.now())) : null;
  };

  /** Marks are kept in the order they go. */
  const expire = (): void => {
    const now = clock.now();
    for (const [key, mark] of marks) {
      if (mark.until > now) break;
      marks.delete(key);
    }
    schedule();
    notify();
  };

  const unsubscribe = store.subscribe((changes) => {
    const remote = changes.filter((change) => !change.own);
    if (remote.length === 0 || remote.length > LARGEST_MARKED_BATCH) return;
    const until = clock.now() + MARK_MS;
    for (const applied of remote) {
      for (const field of markedFields(applied)) {
        const key = keyOf(applied.change.record, field);
        marks.delete(key);
        marks.set(key, { by: applied.change.by, until });
      }
    }
    if (timer === null) schedule();
    notify();
  });

  return {
    of: (record, field) => marks.get(keyOf(record, field)),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      unsubscribe();
      if (timer !== null) clock.clearTimeout(timer);
      marks.clear();
    },
  };
}

/** The fields of a change that someone would see: those that really differ. */
function markedFields({ change, before, after }: AppliedChange): readonly ConflictingField[] {
  if (change.op === 'delete' || !after) return [];
  if (!before) return ['ibe'];
  return differingFields(CONFLICTING_FIELDS, before, after);
}

function keyOf(record: number, field: ConflictingField): string {
  return `${record}:${field}`;
}
