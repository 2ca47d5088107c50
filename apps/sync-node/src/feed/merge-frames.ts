import type { Change, Frame } from '@meldesync/protocol';

/**
 * Consecutive frames as one that leads to the same state: each record's changes become its last one, with all that they
 * set (R4.5). Such a frame also brings a client forward that already has the first of them, since what it sets is at
 * least what the client has.
 */
export function mergeFrames(frames: readonly Frame[]): Frame | undefined {
  const [first] = frames;
  const last = frames.at(-1);
  if (!first || !last) return undefined;
  if (first === last) return first;
  const merged = new Map<number, Change>();
  for (const { changes } of frames) {
    for (const change of changes) {
      const before = merged.get(change.record);
      // In the order of their last change, as they would have come one by one.
      merged.delete(change.record);
      merged.set(change.record, before ? mergeChanges(before, change) : change);
    }
  }
  const sum = last.sum === undefined ? {} : { sum: last.sum };
  const at = first.at === undefined ? {} : { at: first.at };
  const trace = frames.find((frame) => frame.trace !== undefined)?.trace;
  return { id: last.id, prev: first.prev, changes: [...merged.values()], ...sum, ...at, ...(trace && { trace }) };
}

function mergeChanges(before: Change, after: Change): Change {
  if (after.op === 'delete') return after;
  const op = before.op === 'insert' ? 'insert' : after.op;
  return { ...after, op, set: { ...before.set, ...after.set } };
}
