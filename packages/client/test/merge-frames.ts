import type { Change, Frame } from '@meldesync/protocol';

/** Consecutive frames as one, each record once: what a node makes of them for a page or a slow connection (P34, P42). */
export function mergeFrames(frames: readonly Frame[]): Frame[] {
  const [first] = frames;
  const last = frames.at(-1);
  if (!first || !last) return [];
  const merged = new Map<number, Change>();
  for (const change of frames.flatMap(({ changes }) => changes)) {
    const before = merged.get(change.record);
    merged.delete(change.record);
    if (!before || change.op === 'delete') merged.set(change.record, change);
    else
      merged.set(change.record, {
        ...change,
        op: before.op === 'insert' ? 'insert' : change.op,
        set: { ...before.set, ...change.set },
      });
  }
  const sum = last.sum === undefined ? {} : { sum: last.sum };
  return [{ id: last.id, prev: first.prev, ...sum, changes: [...merged.values()] }];
}
