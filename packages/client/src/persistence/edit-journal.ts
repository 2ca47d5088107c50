import type { ReportError } from '../events/emitter.ts';
import { backoffMs } from '../timing/backoff.ts';
import type { ClientRuntime } from '../types/environment.ts';
import type { Kept } from '../types/keeping.ts';
import type { KeptEdit, SyncPersistence } from '../types/sync-persistence.ts';
import { keptAfter } from './keeping.ts';

/** Writes down the edits that wait, so that a page that is loaded anew still has them. */
export interface EditJournal {
  /** Writes an edit down, or down anew. */
  keep(edit: Omit<KeptEdit, 'order'>): void;
  /** The edit is settled, and whoever made it was told. */
  strike(operation: string): void;
  /** The place of an edit among all of its person; a new one comes after those that are known here. */
  orderOf(operation: string): number;
  /** Takes over what was written down before: new edits come after it. */
  follow(edits: readonly KeptEdit[]): void;
  /** What was written down is gone: all of it is written anew. */
  renew(): void;
  /** From now on nothing more is written than was decided already: what happens to the edits here is not their end. */
  close(): void;
  /** Closes it and drops what is not written yet: from now on nothing is written at all. */
  discard(): void;
}

type EditChanges = Parameters<SyncPersistence['saveEdits']>[0];

interface JournalInput {
  readonly runtime: ClientRuntime;
  readonly persistence: Pick<SyncPersistence, 'saveEdits'>;
  /** Whether what is decided is written down, each time that was tried. */
  readonly onKept: (kept: Kept) => void;
  readonly report: ReportError;
}

/**
 * Makes an empty journal that is open. What one turn of the program decides is written together: an edit that is
 * settled and the next one, whose base it is, are never told apart by a crash. What cannot be written is tried again with
 * backoff while the journal is open.
 * Long because its methods share what they close over; none of them is.
 */
export function createEditJournal({ runtime, persistence, onKept, report }: JournalInput): EditJournal {
  const orders = new Map<string, number>();
  /** All that is not struck, as it was written last. */
  const written = new Map<string, KeptEdit>();
  let put = new Map<string, KeptEdit>();
  let removed = new Set<string>();
  let lastOrder = 0;
  let timer: unknown = null;
  let isWriting = false;
  let isOpen = true;
  let isDiscarded = false;
  /** Writes in a row that failed. */
  let failures = 0;

  const orderOf = (operation: string): number => {
    const known = orders.get(operation);
    if (known !== undefined) return known;
    lastOrder = Math.max(lastOrder + 1, runtime.now());
    orders.set(operation, lastOrder);
    return lastOrder;
  };

  /** Puts back what could not be written, under what was decided since. */
  const putBack = (changes: EditChanges): void => {
    for (const edit of changes.put) {
      if (!put.has(edit.operation) && !removed.has(edit.operation)) put.set(edit.operation, edit);
    }
    for (const operation of changes.removed) if (!put.has(operation)) removed.add(operation);
  };
  /** Writes what there is; false when it is to be tried later. */
  const writeOnce = async (): Promise<boolean> => {
    const changes: EditChanges = { put: [...put.values()], removed: [...removed] };
    put = new Map();
    removed = new Set();
    try {
      await persistence.saveEdits(changes);
      failures = 0;
      onKept('kept');
      return true;
    } catch (error) {
      if (isDiscarded) return false;
      failures += 1;
      onKept(keptAfter(error));
      if (failures === 1) report(new Error('Edits that wait could not be kept beyond this page.', { cause: error }));
      const hasMore = put.size + removed.size > 0;
      putBack(changes);
      // Once closed there is no later: what came meanwhile was not tried yet.
      return !isOpen && hasMore;
    }
  };
  const writeIn = (delayMs: number): void => {
    timer ??= runtime.setTimeout(() => {
      timer = null;
      void write();
    }, delayMs);
  };
  const write = async (): Promise<void> => {
    if (isWriting) return;
    isWriting = true;
    let isWell = true;
    while (isWell && put.size + removed.size > 0) isWell = await writeOnce();
    isWriting = false;
    if (!isWell && isOpen) writeIn(backoffMs(failures, runtime.random()));
  };
  const writeSoon = (): void => writeIn(0);

  const stopTimer = (): void => {
    if (timer !== null) runtime.clearTimeout(timer);
    timer = null;
  };

  return {
    orderOf,
    keep(edit) {
      if (!isOpen) return;
      removed.delete(edit.operation);
      const kept = { ...edit, order: orderOf(edit.operation) };
      written.set(edit.operation, kept);
      put.set(edit.operation, kept);
      writeSoon();
    },
    strike(operation) {
      if (!isOpen) return;
      orders.delete(operation);
      written.delete(operation);
      put.delete(operation);
      removed.add(operation);
      writeSoon();
    },
    follow(edits) {
      for (const edit of edits) {
        orders.set(edit.operation, edit.order);
        written.set(edit.operation, edit);
        lastOrder = Math.max(lastOrder, edit.order);
      }
    },
    renew() {
      if (!isOpen || written.size === 0) return;
      for (const [operation, edit] of written) put.set(operation, edit);
      writeSoon();
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      const isWaiting = timer !== null;
      stopTimer();
      if (isWaiting) void write();
    },
    discard() {
      isOpen = false;
      isDiscarded = true;
      put.clear();
      removed.clear();
      stopTimer();
    },
  };
}
