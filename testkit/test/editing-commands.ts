import type { RecordPatch } from '@meldesync/protocol';
import fc from 'fast-check';

/** One more than people: one of them has two windows. */
export const CLIENTS = 5;
export const RECORDS = 4;

/** Something that a client, or somebody with psql, does to a few records. Clients and records are named by their index. */
export type Command =
  | { readonly type: 'edit'; readonly client: number; readonly items: readonly Wish[] }
  /** The same operation over HTTP through both nodes at once. */
  | { readonly type: 'post-twice'; readonly client: number; readonly items: readonly Wish[] }
  | { readonly type: 'lock'; readonly client: number; readonly records: readonly number[] }
  | { readonly type: 'unlock'; readonly client: number }
  | { readonly type: 'cut'; readonly client: number }
  | { readonly type: 'sql'; readonly record: number; readonly note: string }
  | { readonly type: 'wait'; readonly ms: number };

export interface Wish {
  readonly record: number;
  readonly set: RecordPatch;
  /** How many versions behind what the client sees the edit is based on. */
  readonly behind: number;
}

const client = fc.nat(CLIENTS - 1);
const record = fc.nat(RECORDS - 1);
const note = fc.constantFrom('a', 'b', 'c', null);
const wish: fc.Arbitrary<Wish> = fc.record({
  record,
  set: fc.oneof(
    fc.record({ note }),
    fc.record({ caseId: fc.constantFrom('F-1', 'F-2', null) }),
    fc.record({ done: fc.boolean() }),
    fc.record({ note, done: fc.constant(false) }),
  ),
  behind: fc.constantFrom(0, 0, 0, 0, 1),
});
const wishes = fc.uniqueArray(wish, { minLength: 1, maxLength: RECORDS, selector: (one) => one.record });
export const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('edit' as const), client, items: wishes }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('post-twice' as const), client, items: wishes }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('lock' as const),
      client,
      records: fc.uniqueArray(record, { minLength: 1, maxLength: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('unlock' as const), client }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('cut' as const), client }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('sql' as const), record, note: fc.constantFrom('x', 'y') }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.nat(30) }) },
);
