import { addToChecksum, recordChecksum } from '@meldesync/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Change, Frame } from '../lib/messages.ts';
import { RecordCopy } from '../lib/record-copy.ts';

const RECORDS = 6;
const START = 'aaaaaaaa:0-0';
const position = (index: number): string => `${index}-0`;

/** What happens to one of a few records; who it is drawn for makes a sound change of it. */
const steps = fc.array(
  fc.record({ record: fc.integer({ min: 1, max: RECORDS }), isDelete: fc.boolean(), done: fc.option(fc.boolean()) }),
  { minLength: 1, maxLength: 40 },
);

type Steps = readonly { readonly record: number; readonly isDelete: boolean; readonly done: boolean | null }[];

/** A feed of one change a frame, in which records come, change and go for good. */
function feedOf(drawn: Steps): Frame[] {
  const versions = new Map<number, number>();
  const gone = new Set<number>();
  const changes = drawn.flatMap(({ record, isDelete, done }): Change[] => {
    if (gone.has(record)) return [];
    const version = (versions.get(record) ?? 0) + 1;
    versions.set(record, version);
    if (version === 1) return [{ record, version, op: 'insert', set: { done: done ?? false } }];
    if (isDelete) gone.add(record);
    return [{ record, version, op: isDelete ? 'delete' : 'update', set: done === null || isDelete ? {} : { done } }];
  });
  return changes.map((change, index) => ({ id: position(index + 1), prev: position(index), changes: [change] }));
}

/** Frames as a page brings them (P34): one, with each record once, its last change and all that was set. */
function merged(frames: readonly Frame[]): Frame {
  const changes = new Map<number, Change>();
  for (const change of frames.flatMap((frame) => frame.changes)) {
    const before = changes.get(change.record);
    const op = before?.op === 'insert' && change.op === 'update' ? 'insert' : change.op;
    changes.set(change.record, { ...change, op, set: { ...before?.set, ...change.set } });
  }
  return { id: frames.at(-1)?.id ?? '', prev: frames[0]?.prev ?? '', changes: [...changes.values()] };
}

function contents(copy: RecordCopy): unknown {
  return copy
    .ids()
    .toSorted((a, b) => a - b)
    .map((id) => [id, copy.versionOf(id), copy.isDone(id)]);
}

function copyAt(cursor: string): RecordCopy {
  const copy = new RecordCopy(true);
  copy.begin(cursor);
  copy.complete();
  return copy;
}

it('P40 P41 P42 P43 a range that is filled late leaves the same as its frames in order', () => {
  fc.assert(
    fc.property(steps, fc.nat(), fc.nat(), fc.nat(), (drawn, a, b, c) => {
      const frames = feedOf(drawn);
      const whole = copyAt(START);
      for (const frame of frames) expect(whole.take(frame)).toBe('taken');

      const [from, to, split] = [a, b, c].map((n) => n % (frames.length + 1)).toSorted((x, y) => x - y) as [
        number,
        number,
        number,
      ];
      const late = copyAt(START);
      for (const frame of frames.slice(0, from)) late.take(frame);
      if (to > from) expect(late.takeRange({ from: position(from), to: position(to) })).toBe('taken');
      for (const frame of frames.slice(to, split)) expect(late.take(frame)).toBe('taken');
      // A page may reach past the hole, and past where the copy stands.
      if (to > from) {
        expect(late.cursor).toBe(`aaaaaaaa:${position(from)}`);
        late.takePage(merged(frames.slice(from, Math.max(to, Math.ceil((to + frames.length) / 2)))));
      }
      for (const frame of frames) late.take(frame);

      expect(late.oldestHole).toBeUndefined();
      expect(late.position).toBe(whole.position);
      expect(contents(late)).toEqual(contents(whole));
      expect(late.sum).toBe(whole.sum);
    }),
  );
});

it('P9 a frame that is known is left alone, one after a missing one is a gap', () => {
  const copy = copyAt('aaaaaaaa:5-0');
  expect(copy.take({ id: '5-0', prev: '4-0', changes: [] })).toBe('known');
  expect(copy.take({ id: '7-0', prev: '6-0', changes: [] })).toBe('gap');
  expect(copy.take({ id: '7-0', prev: '3-0', changes: [] })).toBe('taken');
  expect(copy.position).toBe('7-0');
});

it('P36 adds up to what the service’s own arithmetic says', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 40 }), { maxLength: 20 }), (ids) => {
      const copy = copyAt(START);
      for (const id of ids) copy.put({ id, version: (id % 1_000) + 1, done: false });
      const sum = ids.reduce((total, id) => addToChecksum(total, recordChecksum(id, (id % 1_000) + 1)), 0);
      expect(copy.sum).toBe(sum);
    }),
  );
});
