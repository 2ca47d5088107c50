import { createEmitter } from '../events/emitter.ts';
import { throwAside } from '../events/throw-aside.ts';
import type { EditIntent, SettledEdit } from '../types/edits.ts';
import type { SyncClient } from '../types/sync-client.ts';
import type { Unsubscribe } from '../types/unsubscribe.ts';
import { createLastChanges } from './last-changes.ts';
import { planStep, toStep, type UndoDirection, type UndoObstacle, type UndoStep } from './undo-steps.ts';

/** Steps that can be taken back. */
export const UNDO_DEPTH = 100;

/** What became of an undo or a redo. */
export type UndoResult =
  | { readonly outcome: 'nothing' }
  /** Nothing was sent, and the step is dropped: the next undo reaches the one before it. */
  | { readonly outcome: 'blocked'; readonly label: string | null; readonly obstacles: readonly UndoObstacle[] }
  /** It was sent; conflicts and rejections are among the outcomes. What was not accepted can be tried again. */
  | { readonly outcome: 'sent'; readonly label: string | null; readonly edits: readonly SettledEdit[] };

/** The edits of one tab, to be taken back and done again. An edit of many records is one step. */
export interface UndoHistory {
  /** Sends an edit (`OptimisticRecords.submit`) and remembers it from then on; what of it is refused is forgotten. */
  submit(intents: readonly EditIntent[], label?: string): Promise<SettledEdit[]>;
  /** Remembers an edit that was sent in another way. */
  record(settled: readonly SettledEdit[], label?: string): void;
  /**
   * Takes the latest step back by a new edit on the records as they are shown now. It never sets what someone else has
   * set since: a field that has not the value this tab gave it blocks the step as a whole. Rejects like `submit`; the
   * step then stays.
   */
  undo(): Promise<UndoResult>;
  redo(): Promise<UndoResult>;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** What the next undo and redo are called; null without a name, and when there is none. */
  readonly undoLabel: string | null;
  readonly redoLabel: string | null;
  /** Called when one of these changed. */
  subscribe(listener: () => void): Unsubscribe;
  /** Forgets everything and watches the client no longer. */
  dispose(): void;
}

interface UndoInput {
  readonly client: Pick<SyncClient, 'store' | 'optimistic'>;
}

/**
 * Makes an empty history of the edits that go through it. Long because its methods share what they close over; none of them is.
 */
export function createUndoHistory({ client }: UndoInput): UndoHistory {
  const { store, optimistic } = client;
  const stacks: Readonly<Record<UndoDirection, UndoStep[]>> = { undo: [], redo: [] };
  const lastChanges = createLastChanges();
  const emitter = createEmitter<void>(throwAside);
  const unsubscribe = store.subscribe((changes) => lastChanges.applied(changes));

  const changed = (): void => {
    const steps = [...stacks.undo, ...stacks.redo];
    lastChanges.keep(new Set(steps.flatMap(({ items }) => items.map(({ record }) => record))));
    emitter.emit();
  };
  const push = (direction: UndoDirection, step: UndoStep): void => {
    const stack = stacks[direction];
    stack.push(step);
    if (stack.length > UNDO_DEPTH) stack.shift();
  };
  /** Leaves only some items of a step, wherever it is by now. */
  const keepItems = (step: UndoStep, isKept: (record: number) => boolean): void => {
    step.items = step.items.filter(({ record }) => isKept(record));
    if (step.items.length > 0) return;
    for (const stack of [stacks.undo, stacks.redo]) {
      const at = stack.indexOf(step);
      if (at >= 0) stack.splice(at, 1);
    }
  };
  const remember = (step: UndoStep): void => {
    stacks.redo.length = 0;
    push('undo', step);
    changed();
  };

  const submit = async (intents: readonly EditIntent[], label?: string): Promise<SettledEdit[]> => {
    const sent = optimistic.submit(intents);
    const step = toStep(intents, label ?? null);
    if (step) remember(step);
    let accepted: ReadonlySet<number> = new Set();
    try {
      const settled = await sent;
      accepted = acceptedOf(settled);
      return settled;
    } finally {
      if (step && !step.items.every(({ record }) => accepted.has(record))) {
        keepItems(step, (record) => accepted.has(record));
        changed();
      }
    }
  };

  /** Sends a step, which is on the other stack from then on; what is not accepted comes back. */
  const send = async (step: UndoStep, direction: UndoDirection, intents: EditIntent[]): Promise<SettledEdit[]> => {
    let accepted: ReadonlySet<number> = new Set();
    const sent = optimistic.submit(intents);
    push(direction === 'undo' ? 'redo' : 'undo', step);
    changed();
    try {
      const settled = await sent;
      accepted = acceptedOf(settled);
      return settled;
    } finally {
      const refused = step.items.filter(({ record }) => !accepted.has(record));
      if (refused.length > 0) {
        keepItems(step, (record) => accepted.has(record));
        push(direction, { label: step.label, items: refused });
        changed();
      }
    }
  };

  const take = async (direction: UndoDirection): Promise<UndoResult> => {
    const step = stacks[direction].pop();
    if (!step) return { outcome: 'nothing' };
    const { label } = step;
    const { intents, obstacles } = planStep(step, direction, (record) => optimistic.get(record));
    if (obstacles.length > 0) {
      const explained = obstacles.map(explain);
      changed();
      return { outcome: 'blocked', label, obstacles: explained };
    }
    return { outcome: 'sent', label, edits: await send(step, direction, intents) };
  };

  const explain = (obstacle: UndoObstacle): UndoObstacle =>
    obstacle.reason === 'deleted' ? obstacle : { ...obstacle, ...lastChanges.of(obstacle.record, obstacle.field) };

  return {
    submit,
    record(settled, label) {
      const accepted = acceptedOf(settled);
      const step = toStep(
        settled.filter(({ seen }) => accepted.has(seen.id)),
        label ?? null,
      );
      if (step) remember(step);
    },
    undo: () => take('undo'),
    redo: () => take('redo'),
    get canUndo() {
      return stacks.undo.length > 0;
    },
    get canRedo() {
      return stacks.redo.length > 0;
    },
    get undoLabel() {
      return stacks.undo.at(-1)?.label ?? null;
    },
    get redoLabel() {
      return stacks.redo.at(-1)?.label ?? null;
    },
    subscribe: (listener) => emitter.subscribe(listener),
    dispose() {
      unsubscribe();
      stacks.undo.length = 0;
      stacks.redo.length = 0;
      lastChanges.keep(new Set());
    },
  };
}

function acceptedOf(settled: readonly SettledEdit[]): ReadonlySet<number> {
  return new Set(settled.filter(({ outcome }) => outcome.outcome === 'accepted').map(({ seen }) => seen.id));
}
