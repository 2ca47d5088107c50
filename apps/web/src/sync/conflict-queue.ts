import type { SettledEdit, Unsubscribe } from '@meldesync/client';
import type { EditOutcome, ErrorCode } from '@meldesync/protocol';

/** An edit that came second, with what it met. */
export interface ConflictedEdit extends SettledEdit {
  readonly outcome: Extract<EditOutcome, { outcome: 'conflict' }>;
}

/** What one decision is about: edits that met the same change, such as those of both halves of a case. */
export interface OpenConflict {
  /** Never empty. */
  readonly edits: readonly [ConflictedEdit, ...ConflictedEdit[]];
  /** It stands for an attempt to apply a decision, and how that failed. */
  readonly attempt: 'none' | 'conflict' | ErrorCode;
}

interface ConflictQueueSnapshot {
  /** The first one is to be decided now. */
  readonly open: readonly OpenConflict[];
  /** How many were decided since the queue was last empty. */
  readonly decided: number;
  /** The person wants to decide later: all of them wait, and nothing is asked until `resume` or until another one comes. */
  readonly isPutOff: boolean;
  /** The person went on with what they had put off: asking them now comes as no surprise. */
  readonly isAskedFor: boolean;
}

/** The conflicts of this tab that a person has to decide, one after the other. */
export interface ConflictQueue {
  /** The same object until it changes. */
  getSnapshot(): ConflictQueueSnapshot;
  subscribe(listener: () => void): Unsubscribe;
  /**
   * Adds edits; those that met the same are decided together. Those of a failed attempt come next, but never in place of
   * the first one, which someone may be deciding. Where all were put off nobody is: the new ones come first, and are asked. One that
   * was ever in this queue is left out: an edit that is sent again is answered again.
   */
  add(edits: readonly ConflictedEdit[], attempt?: OpenConflict['attempt']): void;
  /** Adds edits of an earlier page behind the others, once: those that were ever in this queue are left out. */
  offer(edits: readonly ConflictedEdit[]): void;
  /** Takes the first one, or all of them, because they are decided. */
  take(which: 'first' | 'all'): readonly OpenConflict[];
  /** Lets go of what is about records that are gone: there is nothing to decide, and what they held is to be seen no more. */
  forget(isGone: (record: number) => boolean): void;
  /** Leaves all of them for later, or goes on with them. */
  putOff(): void;
  resume(): void;
}

const EMPTY: ConflictQueueSnapshot = { open: [], decided: 0, isPutOff: false, isAskedFor: false };

export function createConflictQueue(): ConflictQueue {
  const listeners = new Set<() => void>();
  const known = new Set<string>();
  let snapshot = EMPTY;
  const set = (next: ConflictQueueSnapshot): void => {
    snapshot = next;
    for (const listener of listeners) listener();
  };
  return {
    getSnapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add(all, attempt = 'none') {
      const edits = attempt === 'none' ? all.filter(({ outcome }) => !known.has(outcome.conflict)) : all;
      if (edits.length === 0) return;
      for (const { outcome } of edits) known.add(outcome.conflict);
      const added = groupAlike(edits).map((alike) => ({ edits: alike, attempt }));
      const { open, decided, isPutOff, isAskedFor } = snapshot;
      const place = isPutOff ? 0 : attempt === 'none' ? open.length : 1;
      set({
        open: [...open.slice(0, place), ...added, ...open.slice(place)],
        decided: attempt === 'none' ? decided : Math.max(0, decided - added.length),
        isPutOff: false,
        isAskedFor,
      });
    },
    offer(edits) {
      const unknown = edits.filter(({ outcome }) => !known.has(outcome.conflict));
      if (unknown.length === 0) return;
      for (const { outcome } of unknown) known.add(outcome.conflict);
      set({ ...snapshot, open: unknown.reduce(withAlike, snapshot.open) });
    },
    take(which) {
      const { open, decided } = snapshot;
      const taken = which === 'all' ? open : open.slice(0, 1);
      const left = open.slice(taken.length);
      set(left.length === 0 ? EMPTY : { ...snapshot, open: left, decided: decided + taken.length });
      return taken;
    },
    forget(isGone) {
      const open = snapshot.open.flatMap(({ edits, attempt }) => {
        const [first, ...others] = edits.filter(({ seen }) => !isGone(seen.id));
        return first ? [{ edits: [first, ...others] as const, attempt }] : [];
      });
      const isSame = open.every(({ edits }, index) => edits.length === snapshot.open[index]?.edits.length);
      if (open.length === snapshot.open.length && isSame) return;
      set(open.length === 0 ? EMPTY : { ...snapshot, open });
    },
    putOff: () => set({ ...snapshot, isPutOff: snapshot.open.length > 0, isAskedFor: false }),
    resume: () => set({ ...snapshot, isPutOff: false, isAskedFor: true }),
  };
}

/** Puts edits together that nobody would decide differently: of one case, with the same values in every field. */
function groupAlike(edits: readonly ConflictedEdit[]): OpenConflict['edits'][] {
  const groups = new Map<string, [ConflictedEdit, ...ConflictedEdit[]]>();
  for (const edit of edits) {
    const key = likenessOf(edit);
    const group = groups.get(key);
    if (group) group.push(edit);
    else groups.set(key, [edit]);
  }
  return [...groups.values()];
}

/** Puts an edit to the conflict that it is decided with, or else behind them. They become known one by one. */
function withAlike(open: readonly OpenConflict[], edit: ConflictedEdit): readonly OpenConflict[] {
  const likeness = likenessOf(edit);
  const alike = open.find(({ edits, attempt }) => attempt === 'none' && likenessOf(edits[0]) === likeness);
  if (!alike) return [...open, { edits: [edit], attempt: 'none' }];
  return open.map((conflict) => (conflict === alike ? { ...alike, edits: [...alike.edits, edit] } : conflict));
}

function likenessOf({ seen, set, outcome }: ConflictedEdit): string {
  if (seen.caseId === null) return `record:${seen.id}`;
  const fields = outcome.fields.map(({ field, base, current, attempted, changed }) => [
    field,
    // A segment is never the same in both halves; that it was replaced may be.
    ...(field === 'ibe' ? [] : [base, current]),
    attempted ?? null,
    changed?.by ?? null,
  ]);
  return JSON.stringify([seen.caseId, set, outcome.current.updatedBy, fields]);
}
