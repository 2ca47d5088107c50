import {
  type Change,
  type Edited,
  type EditItem,
  type EditOutcome,
  type ErrorCode,
  edit,
  MAX_UP_MESSAGE_BYTES,
} from '@meldesync/protocol';
import { SyncError } from '../errors/sync-error.ts';
import type { Click, Reports } from '../reports/reports.ts';
import { backoffMs } from '../timing/backoff.ts';
import type { ClientRuntime } from '../types/environment.ts';
import type { AppliedChange, RecordStore } from '../types/records.ts';
import type { BindEdit } from './edit-order.ts';
import { type MessageBudget, SENDS_PER_SECOND } from './message-budget.ts';

/** Edits that wait for an answer at the same time; the next ones are sent as answers come. */
export const IN_FLIGHT_LIMIT = 32;
/** Edits that may be kept for a connection that is not there. */
export const PENDING_LIMIT = 1000;

/**
 * A store that has been current for so long holds what was answered before: a snapshot may be 2 s old, and a node takes itself for one
 * that hears what happens until it has heard nothing for 6 s.
 */
export const DOUBT_MS = 10_000;

/** The edits that are not settled: not answered yet, or answered but not yet seen in the store. */
export interface PendingEdits {
  readonly size: number;
  /** Whether an unsettled edit has this operation id. */
  has(operation: string): boolean;
  /** Whether some are answered and wait for the store to show it. */
  readonly hasAnswered: boolean;
  /** Whether there is one that is not answered. */
  readonly hasNext: boolean;
  /** The first one that is not answered and waits for no other: to be sent another way, now. */
  next(): { readonly operation: string; readonly items: readonly EditItem[] } | undefined;
  /**
   * Takes an edit on; see `SyncClient.edit`. The operation id is its own, or the one it was sent under before. One with `bind` says
   * what it says then once it leaves.
   */
  submit(items: readonly EditItem[], operation?: string, bind?: BindEdit): Promise<EditOutcome[]>;
  /** Edits that waited for another may leave now. */
  wake(): void;
  /** From now on messages can be sent; all that was not answered is sent, again under its operation id. */
  online(send: (message: string) => void): void;
  offline(): void;
  /** False when the answer does not fit the edit. */
  answer(message: Edited): boolean;
  /** The server did not carry the edit out as a whole. After a temporary error the edit goes on waiting, and is sent again. */
  refuse(operation: string, code: ErrorCode): void;
  /** The store has applied changes. */
  applied(changes: readonly AppliedChange[]): void;
  /** The store has a new snapshot; `isRestored` when versions may have gone down with it for good. */
  snapshotTaken(isRestored: boolean): void;
  /** The store has been seen to be current. */
  seenCurrent(): void;
  /** Ends all of them. Whether those that were sent were committed is then unknown. */
  rejectAll(code: ErrorCode): void;
}

interface PendingEditsInput {
  readonly store: RecordStore;
  readonly runtime: ClientRuntime;
  readonly budget: MessageBudget;
  readonly reports: Pick<Reports, 'clicked'>;
  /** Called when `size` changed. */
  readonly onSize: () => void;
  /** Nobody reads the store, which stays empty: an edit is settled by its answer. */
  readonly settlesAtOnce?: boolean;
}

/**
 * Why the store does not hold a record: it has not since the edit was made, a snapshot did not hold it, which may be older than the
 * edit, or the feed told that it was deleted. Another one that is not there was deleted before.
 */
type Absence = 'unseen' | 'left-out' | 'deleted';

interface PendingEdit {
  readonly operation: string;
  items: readonly EditItem[];
  message: string;
  /** Null once it has left, or was about to. */
  bind: BindEdit | null;
  readonly click: Click | undefined;
  /** Of its records, those of which something is known beside what the store holds. */
  readonly absences: Map<number, Absence>;
  isSent: boolean;
  /** Temporary errors in a row. */
  failures: number;
  /** Set until the edit is sent again after one. */
  retryTimer: unknown;
  outcomes: EditOutcome[] | null;
  /** A snapshot was taken that may be the reason why the store does not show what was answered. */
  isDoubtful: boolean;
  /** Set while the store is current, and may lack what was answered all the same. */
  doubtTimer: unknown;
  /**
   * The store may show less than what was answered for good: versions went down with a new epoch, or a snapshot showed less and
   * the store has been current for long since. So it is settled once the store is seen to be current: before that the snapshot may be
   * of a node that has not heard of the present epoch yet, and the next one shows what was answered.
   */
  mayShowLess: boolean;
  readonly resolve: (outcomes: EditOutcome[]) => void;
  readonly reject: (error: SyncError) => void;
}

/**
 * Makes an empty list that is offline. Long because its methods share what they close over; none of them is.
 */
export function createPendingEdits(input: PendingEditsInput): PendingEdits {
  const { store, runtime, budget, reports, onSize, settlesAtOnce = false } = input;
  const edits = new Map<string, PendingEdit>();
  let send: ((message: string) => void) | null = null;
  /** Set while the budget is used up. */
  let timer: unknown = null;

  const stopRetry = (pending: PendingEdit): void => {
    if (pending.retryTimer !== null) runtime.clearTimeout(pending.retryTimer);
    pending.retryTimer = null;
  };

  const stopDoubt = (pending: PendingEdit): void => {
    if (pending.doubtTimer !== null) runtime.clearTimeout(pending.doubtTimer);
    pending.doubtTimer = null;
  };

  const remove = (pending: PendingEdit): void => {
    stopRetry(pending);
    stopDoubt(pending);
    edits.delete(pending.operation);
    onSize();
  };

  const sendLater = (): void => {
    timer ??= runtime.setTimeout(() => {
      timer = null;
      sendNext();
    }, 1000 / SENDS_PER_SECOND);
  };

  const sendNext = (): void => {
    if (!send) return;
    let inFlight = 0;
    for (const pending of edits.values()) {
      if (pending.outcomes) continue;
      if (inFlight === IN_FLIGHT_LIMIT) return;
      if (!pending.isSent && !isBound(pending)) continue;
      inFlight += 1;
      if (pending.isSent) continue;
      if (!budget.spend()) {
        sendLater();
        return;
      }
      pending.isSent = true;
      send(pending.message);
    }
  };

  /** Whether an edit can leave. What it says is the same from then on, so that it can be sent again under its operation id. */
  const isBound = (pending: PendingEdit): boolean => {
    if (!pending.bind) return true;
    const items = pending.bind();
    if (!items) return false;
    pending.bind = null;
    if (isSameBase(items, pending.items)) return true;
    pending.items = items;
    pending.message = writeEdit(pending.operation, items, pending.click?.traceparent);
    return true;
  };

  /** Until then the edit counts as sent: the others go on, and a server that fails gets no more at a time than before. */
  const sendAgainLater = (pending: PendingEdit): void => {
    stopRetry(pending);
    pending.failures += 1;
    pending.retryTimer = runtime.setTimeout(
      () => {
        pending.retryTimer = null;
        pending.isSent = false;
        sendNext();
      },
      backoffMs(pending.failures, runtime.random()),
    );
  };

  /** Resolves an answered edit once no screen can show what was before it. */
  const settle = (pending: PendingEdit): void => {
    const isShown = (outcome: EditOutcome) => settlesAtOnce || isInStore(store, outcome, pending.absences);
    if (!pending.outcomes?.every(isShown)) return;
    remove(pending);
    pending.click?.shown('settled');
    pending.resolve(pending.outcomes);
  };

  const endDoubtLater = (pending: PendingEdit): void => {
    if (!pending.isDoubtful) return;
    pending.doubtTimer ??= runtime.setTimeout(() => {
      pending.doubtTimer = null;
      pending.mayShowLess = true;
    }, DOUBT_MS);
  };

  const forEachAnswered = (act: (pending: PendingEdit) => void): void => {
    for (const pending of edits.values()) if (pending.outcomes) act(pending);
  };

  return {
    get size() {
      return edits.size;
    },
    has: (operation) => edits.has(operation),
    get hasAnswered() {
      return [...edits.values()].some(({ outcomes }) => outcomes !== null);
    },
    get hasNext() {
      return [...edits.values()].some(({ outcomes }) => outcomes === null);
    },
    next: () => [...edits.values()].find((pending) => pending.outcomes === null && isBound(pending)),
    wake: () => sendNext(),

    submit(items, operation = runtime.randomId(), bind) {
      return new Promise((resolve, reject) => {
        const click = reports.clicked('edit');
        const message = writeEdit(operation, items, click?.traceparent);
        // Of edits that were kept none is refused for being one too many; who binds them counts new ones.
        if (!bind && edits.size >= PENDING_LIMIT) throw new SyncError('too-many-unsent');
        const unseen = items.map((item) => item.record).filter((record) => !store.get(record));
        const absences = new Map(unseen.map((record): [number, Absence] => [record, 'unseen']));
        edits.set(operation, {
          operation,
          items,
          message,
          bind: bind ?? null,
          click,
          absences,
          ...UNTOUCHED,
          resolve,
          reject,
        });
        onSize();
        sendNext();
      });
    },

    online(newSend) {
      send = newSend;
      for (const pending of edits.values()) {
        stopRetry(pending);
        pending.isSent = false;
      }
      sendNext();
    },

    offline() {
      send = null;
      for (const pending of edits.values()) {
        stopRetry(pending);
        stopDoubt(pending);
      }
      if (timer !== null) runtime.clearTimeout(timer);
      timer = null;
    },

    answer({ operation, outcomes }) {
      const pending = edits.get(operation);
      if (!pending) return true;
      if (!answers(outcomes, pending.items)) return false;
      // Sent two ways, it may be answered twice; both answers are the same.
      pending.outcomes ??= outcomes;
      stopRetry(pending);
      settle(pending);
      // One that was never seen may have been deleted before what this page began with: nothing tells of it any more.
      pending.isDoubtful ||= [...pending.absences.values()].some((absence) => absence !== 'deleted');
      sendNext();
      return true;
    },

    refuse(operation, code) {
      const pending = edits.get(operation);
      // Sent twice, it may fail once: the answer stands.
      if (!pending || pending.outcomes) return;
      const error = new SyncError(code);
      if (error.retryable) {
        // Without a connection the next one sends it.
        if (send) sendAgainLater(pending);
        return;
      }
      remove(pending);
      pending.click?.shown('failed');
      pending.reject(error);
      sendNext();
    },

    applied(changes) {
      if (edits.size === 0) return;
      for (const pending of edits.values()) {
        for (const { change } of changes) noteChange(pending, change);
      }
      forEachAnswered(settle);
    },

    snapshotTaken(isRestored) {
      for (const pending of edits.values()) noteSnapshot(pending, store);
      forEachAnswered((pending) => {
        pending.mayShowLess ||= isRestored;
        settle(pending);
        pending.isDoubtful = true;
      });
    },

    seenCurrent() {
      forEachAnswered((pending) => {
        if (!pending.mayShowLess) endDoubtLater(pending);
        if (!pending.mayShowLess || !pending.outcomes) return;
        remove(pending);
        pending.resolve(pending.outcomes);
      });
    },

    rejectAll(code) {
      for (const pending of edits.values()) {
        remove(pending);
        pending.reject(new SyncError(code));
      }
    },
  };
}

function writeEdit(operation: string, items: readonly EditItem[], traceparent: string | undefined): string {
  const parsed = edit.safeParse({ type: 'edit', operation, items, ...(traceparent && { traceparent }) });
  if (!parsed.success) throw new SyncError('invalid-field');
  const message = JSON.stringify(parsed.data);
  if (new TextEncoder().encode(message).byteLength > MAX_UP_MESSAGE_BYTES) throw new SyncError('payload-too-large');
  return message;
}

function answers(outcomes: readonly EditOutcome[], items: readonly EditItem[]): boolean {
  return outcomes.length === items.length && outcomes.every((outcome, i) => outcome.record === items[i]?.record);
}

function isSameBase(items: readonly EditItem[], before: readonly EditItem[]): boolean {
  return items.every(({ baseVersion }, i) => baseVersion === before[i]?.baseVersion);
}

/** How an edit begins. */
const UNTOUCHED = {
  isSent: false,
  failures: 0,
  retryTimer: null,
  outcomes: null,
  isDoubtful: false,
  doubtTimer: null,
  mayShowLess: false,
} satisfies Partial<PendingEdit>;

function noteChange({ items, absences }: PendingEdit, { record, op }: Change): void {
  if (op !== 'delete') absences.delete(record);
  else if (items.some((item) => item.record === record)) absences.set(record, 'deleted');
}

/** What was deleted stays so: an older snapshot may hold it once more. */
function noteSnapshot({ items, absences }: PendingEdit, store: RecordStore): void {
  for (const { record } of items) {
    if (absences.get(record) === 'deleted') continue;
    if (store.get(record)) absences.delete(record);
    else absences.set(record, 'left-out');
  }
}

function isInStore(store: RecordStore, outcome: EditOutcome, absences: ReadonlyMap<number, Absence>): boolean {
  if (outcome.outcome !== 'accepted') return true;
  const held = store.get(outcome.record);
  if (held) return held.version >= outcome.version;
  const absence = absences.get(outcome.record);
  return absence === undefined || absence === 'deleted';
}
