import type { Frames, FramesPage, Range, SyncedRecord } from '@meldesync/protocol';
import { expect, it } from 'vitest';
import vectors from '../../../protocol/vectors/frames.json' with { type: 'json' };
import { setUpFeed } from '../../test/feed-setup.ts';
import { toClientRecord } from '../store/client-record.ts';

type VectorRecord = Omit<SyncedRecord, 'updatedAt' | 'updatedBy'>;

/** What a client holds, what comes, and what it holds then. */
interface FramesVector {
  readonly name: string;
  readonly start: { readonly cursor: string; readonly records: readonly VectorRecord[] };
  readonly messages: readonly (Frames | Range | { readonly page: FramesPage })[];
  readonly result: 'applied' | 'gap';
  readonly after: { readonly cursor: string; readonly records: readonly VectorRecord[] };
}

const UPDATED = { updatedAt: '2026-01-22T10:00:00.000000Z', updatedBy: 'user:u1' };

it.each(vectors.frames as FramesVector[])('P9 P10 P40 P41 P43 $name', ({ start, messages, result, after }) => {
  const { store, feed } = setUpFeed();
  feed.resume(
    start.cursor,
    new Map(start.records.map((record) => [record.id, toClientRecord({ ...record, ...UPDATED })])),
  );
  let last = 'applied';
  for (const message of messages) {
    if ('page' in message) last = resultOf(feed.receive(message.page.frames));
    else if (message.type === 'range') last = feed.skip(message) ? 'applied' : 'gap';
    else last = resultOf(feed.receive(message.frames));
    if (last === 'gap') break;
  }
  expect(last).toBe(result);
  expect(feed.cursor).toBe(after.cursor);
  expect([...store.values()].toSorted((a, b) => a.id - b.id)).toMatchObject(after.records);
});

/** As the vectors say it. */
function resultOf(received: string): string {
  return received === 'whole' ? 'applied' : received;
}
