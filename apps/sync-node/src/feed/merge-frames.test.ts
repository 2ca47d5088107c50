import type { Change, Frame } from '@meldesync/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import vectors from '../../../../packages/protocol/vectors/merging.json' with { type: 'json' };
import { mergeFrames } from './merge-frames.ts';

interface MergeVector {
  readonly name: string;
  readonly frames: readonly Frame[];
  readonly merged: Frame;
}

type Fields = Change['set'];
type State = ReadonlyMap<number, { readonly version: number; readonly fields: Fields }>;

/** Applies a change the way a client does: over a lower version only. */
function apply(state: State, { record, version, op, set }: Change): State {
  const held = state.get(record);
  if (held && held.version >= version) return state;
  const next = new Map(state);
  if (op === 'delete') next.delete(record);
  else next.set(record, { version, fields: op === 'insert' ? set : { ...held?.fields, ...set } });
  return next;
}

const applyAll = (state: State, frames: readonly Frame[]): State =>
  frames.flatMap(({ changes }) => changes).reduce(apply, state);

const wish = fc.record({
  record: fc.integer({ min: 1, max: 4 }),
  op: fc.nat(5),
  note: fc.string({ maxLength: 2 }),
  done: fc.boolean(),
});

/** Frames as the feed would hold them: versions go up one by one, an insert comes first and a delete last. */
const feed = fc
  .array(fc.array(wish, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 12 })
  .map((transactions) => {
    const versions = new Map<number, number>();
    const gone = new Set<number>();
    return transactions.map((wishes, index): Frame => {
      const changes = wishes.flatMap(({ record, op, note, done }): Change[] => {
        if (gone.has(record)) return [];
        const version = (versions.get(record) ?? 0) + 1;
        versions.set(record, version);
        const common = { record, version, by: 'user:u1', via: 'web' as const, at: `2026-01-22T10:00:00.${index}Z` };
        if (version === 1)
          return [
            {
              ...common,
              op: 'insert',
              set: { vorgangsnummer: 'v', ibe: 'i', caseId: null, done: false, assignee: null, note: null },
            },
          ];
        if (op === 0) gone.add(record);
        if (op === 0) return [{ ...common, op: 'delete', set: {} }];
        return [{ ...common, op: 'update', set: op < 3 ? { note } : { done } }];
      });
      return { id: `${index + 1}-0`, prev: `${index}-0`, changes };
    });
  });

it('R4.5 merged frames lead to the same state, also for a client that has some of them', () => {
  fc.assert(
    fc.property(feed, fc.nat(), fc.nat(), (frames, a, b) => {
      const start = a % frames.length;
      const held = start + (b % (frames.length - start));
      const merged = mergeFrames(frames.slice(start));
      expect(merged).toMatchObject({ id: frames.at(-1)?.id, prev: frames[start]?.prev });
      const expected = applyAll(new Map(), frames);
      const client = applyAll(new Map(), frames.slice(0, held));
      expect(merged && applyAll(client, [merged])).toEqual(expected);
      if (frames.length - start < 2) return;
      const records = merged?.changes.map(({ record }) => record);
      expect(new Set(records).size).toBe(records?.length);
    }),
  );
});

it.each(vectors.merging as MergeVector[])('P34 $name', ({ frames, merged }) => {
  expect(mergeFrames(frames)).toEqual(merged);
});

it('nothing merges to nothing', () => {
  expect(mergeFrames([])).toBeUndefined();
});
