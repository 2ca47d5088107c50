import {
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
import { type MessageBudget, SENDS_PER_SECOND } from './message-budget.ts';

/** Edits that wait for an answer at the same time; the next ones are sent as answers come. */
export const IN_FLIGHT_LIMIT = 32;
/** Edits that may be kept for a connection that is not there. */
export const PENDING_LIMIT = 1000;

/** The edits that are not settled: not answered yet, or answered but not yet seen in the store. */
export interface PendingEdits {
  readonly size: number;
  /** Whether an unsettled edit has this operation id. */
  has(operation: string): boolean;
  /** Whether some are answered and wait for the store to show it. */
  readonly hasAnswered: boolean;
  /** The first one that is not answered: to be sent another way. */
  next(): { readonly operation: string; readonly items: readonly EditItem[] } | undefined;
  /** Takes an edit on; see `SyncClient.edit`. The operation id is its own, or the one it was sent under before. */
  submit(items: readonly EditItem[], operation?: string): Promise<EditOutcome[]>;
  /** From now on messages can be sent; all that was not answered is sent, again under its operation id. */
  online(send: (message: string) => void): void;
  offline(): void;
  /** False when the answer does not fit the edit. */
  answer(message: Edited): boolean;
  /** The server did not carry the edit out as a whole. After a temporary error the edit goes on waiting, and is sent again. */
  refuse(operation: string, code: ErrorCode): void;
  /** The store has applied changes. */
  applied(changes: readonly AppliedChange[]): void;
  /** The store has a new snapshot; `isRestored` when versions may have gone down with it. */
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
}

interface PendingEdit {
  readonly operation: string;
  readonly items: readonly EditItem[];
  readonly message: string;
  readonly click: Click | undefined;
  /** Records the store has not held since the edit was made. Another one that is not there was deleted. */
  readonly unseen: Set<number>;
  isSent: boolean;
  /** Temporary errors in a row. */
  failures: number;
  /** Set until the edit is sent again after one. */
  retryTimer: unknown;
  outcomes: EditOutcome[] | null;
  /**
   * A restored state was taken after the answer: its versions may be lower than what was answered, for good. Or the snapshot is
   * of a node that has not heard of the present epoch yet, and the next one shows what was answered.
   */
  mayShowLess: boolean;
  readonly resolve: (outcomes: EditOutcome[]) => void;
  readonly reject: (error: SyncError) => void;
}

/**
 * Makes an empty list that is offline. Long because its methods share what they close over; none of them is.
 */
export function createPendingEdits({ store, runtime, budget, reports, onSize }: PendingEditsInput): PendingEdits {
  const edits = new Map<string, PendingEdit>();
  let send: ((message: string) => void) | null = null;
  /** Set while the budget is used up. */
  let timer: unknown = null;

  const stopRetry = (pending: PendingEdit): void => {
    if (pending.retryTimer !== null) runtime.clearTimeout(pending.retryTimer);
    pending.retryTimer = null;
  };

  const remove = (pending: PendingEdit): void => {
    stopRetry(pending);
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
    if (!pending.outcomes?.every((outcome) => isInStore(store, outcome, pending.unseen))) return;
    remove(pending);
    pending.click?.shown('settled');
    pending.resolve(pending.outcomes);
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
    next: () => [...edits.values()].find(({ outcomes }) => outcomes === null),

    submit(items, operation = runtime.randomId()) {
      return new Promise((resolve, reject) => {
        const click = reports.clicked('edit');
        const message = writeEdit(operation, items, click?.traceparent);
        if (edits.size >= PENDING_LIMIT) throw new SyncError('too-many-unsent');
        const unseen = new Set(items.map((item) => item.record).filter((record) => !store.get(record)));
        const progress = { isSent: false, failures: 0, retryTimer: null, outcomes: null, mayShowLess: false };
        edits.set(operation, { operation, items, message, click, unseen, ...progress, resolve, reject });
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
      for (const pending of edits.values()) stopRetry(pending);
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
        if (pending.unseen.size > 0) for (const { change } of changes) pending.unseen.delete(change.record);
      }
      forEachAnswered(settle);
    },

    snapshotTaken(isRestored) {
      // Who edits a record saw it: one that is not in the snapshot was deleted.
      for (const pending of edits.values()) pending.unseen.clear();
      forEachAnswered((pending) => {
        pending.mayShowLess ||= isRestored;
        settle(pending);
      });
    },

    seenCurrent() {
      forEachAnswered((pending) => {
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

function isInStore(store: RecordStore, outcome: EditOutcome, unseen: ReadonlySet<number>): boolean {
  if (outcome.outcome !== 'accepted') return true;
  const held = store.get(outcome.record);
  return held ? held.version >= outcome.version : !unseen.has(outcome.record);
}
