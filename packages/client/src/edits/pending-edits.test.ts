import { PATCH_LIMITS } from '@meldesync/domain';
import { EDIT_LIMITS, type EditItem } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { createReferenceFeed, type Intent } from '../../test/reference-feed.ts';
import { createVirtualTime } from '../../test/virtual-time.ts';
import { createFeed } from '../feed/feed.ts';
import { createRecordStore } from '../store/record-store.ts';
import { createMessageBudget, SEND_BURST, SENDS_PER_SECOND } from './message-budget.ts';
import { createPendingEdits, DOUBT_MS, IN_FLIGHT_LIMIT, PENDING_LIMIT } from './pending-edits.ts';

const item = (record: number, note = 'x', baseVersion = 1): EditItem => ({ record, baseVersion, set: { note } });
const insert: Intent = { op: 'insert', caseId: null, art: 'G', day: 1 };

function setUp(recordCount = 2) {
  const model = createReferenceFeed();
  const store = createRecordStore((error) => {
    throw error;
  });
  const time = createVirtualTime();
  const sizes: number[] = [];
  const budget = createMessageBudget(time.runtime);
  const edits = createPendingEdits({
    store,
    runtime: time.runtime,
    budget,
    reports: { clicked: () => undefined },
    onSize: () => sizes.push(edits.size),
  });
  store.subscribe((changes) => edits.applied(changes));
  const feed = createFeed({
    store,
    runtime: { now: () => 0 },
    isOwn: (operation) => edits.has(operation),
    onSnapshot: (isRestored) => edits.snapshotTaken(isRestored),
  });
  const takeSnapshot = (): void => {
    const { cursor, records } = model.page(0, 1000);
    const snapshot = feed.openSnapshot();
    snapshot.addPage(records);
    snapshot.finish(cursor);
  };
  const follow = (): void => {
    model.publish();
    const frames = model.after(feed.cursor ?? '');
    if (typeof frames !== 'string') feed.receive(frames);
  };
  if (recordCount > 0) model.commit(Array.from({ length: recordCount }, () => insert));
  model.publish();
  takeSnapshot();

  const sent: string[] = [];
  const goOnline = (): void => {
    budget.reset();
    edits.online((message) => sent.push((JSON.parse(message) as { operation: string }).operation));
  };
  /** Submits an edit and says whether it is settled. */
  const submit = (...items: EditItem[]) => {
    let isSettled = false;
    const done = edits.submit(items);
    const settle = async (): Promise<void> => {
      await Promise.allSettled([done]);
      isSettled = true;
    };
    const settled = settle();
    return { done, settled, isSettled: () => isSettled };
  };
  const accept = (operation: string, record: number, version: number): boolean =>
    edits.answer({ type: 'edited', operation, outcomes: [{ record, outcome: 'accepted', version }] });
  return { time, model, store, edits, feed, sizes, sent, goOnline, submit, accept, takeSnapshot, follow };
}

const turn = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await Promise.resolve();
};

describe('pending edits', () => {
  it('resolve when the version in the store is at least the accepted one', async () => {
    const { model, submit, accept, follow } = setUp();
    const edit = submit(item(1));
    accept('operation-1', 1, 2);
    await turn();
    expect(edit.isSettled()).toBe(false);
    model.commit([{ op: 'update', pick: 0, set: { note: 'x' } }]);
    model.commit([{ op: 'update', pick: 0, set: { note: 'later' } }]);
    follow();
    await expect(edit.done).resolves.toEqual([{ record: 1, outcome: 'accepted', version: 2 }]);
  });

  it('resolve at once when the change came before the answer', async () => {
    const { model, submit, accept, follow } = setUp();
    const edit = submit(item(1));
    model.commit([{ op: 'update', pick: 0, set: { note: 'x' } }]);
    follow();
    await turn();
    expect(edit.isSettled()).toBe(false);
    accept('operation-1', 1, 2);
    await edit.settled;
  });

  it('resolve when the record was deleted, before or after the answer', async () => {
    for (const deletesFirst of [true, false]) {
      const { model, submit, accept, follow } = setUp();
      const edit = submit(item(1));
      if (!deletesFirst) accept('operation-1', 1, 2);
      model.commit([{ op: 'delete', pick: 0 }]);
      follow();
      if (deletesFirst) accept('operation-1', 1, 2);
      await edit.settled;
    }
  });

  it('wait for a record the store has not seen yet', async () => {
    const { model, submit, accept, follow } = setUp(0);
    const edit = submit(item(1));
    accept('operation-1', 1, 2);
    model.commit([insert]);
    follow();
    await turn();
    expect(edit.isSettled()).toBe(false);
    model.commit([{ op: 'update', pick: 0, set: { note: 'x' } }]);
    follow();
    await edit.settled;
  });

  it.each(['before', 'after'])(
    'R4.3 wait for a record that a snapshot does not hold, which may be older, until the store has been current for long: answered %s',
    async (answered) => {
      const { time, submit, accept, edits, feed, takeSnapshot } = setUp(0);
      const edit = submit(item(1));
      if (answered === 'before') accept('operation-1', 1, 2);
      feed.reset('too-old');
      takeSnapshot();
      if (answered === 'after') accept('operation-1', 1, 2);
      // The node may be one that has just started, and not know yet that it hears nothing.
      edits.seenCurrent();
      time.advance(DOUBT_MS - 1);
      edits.offline();
      time.advance(DOUBT_MS);
      edits.seenCurrent();
      time.advance(DOUBT_MS - 1);
      edits.seenCurrent();
      expect(edits.size).toBe(1);
      time.advance(1);
      expect(edits.size).toBe(1);
      edits.seenCurrent();
      await edit.settled;
      expect(time.timers).toBe(0);
    },
  );

  it('R4.3 wait for what a snapshot of a node that hears nothing does not show yet, however current it is taken for', async () => {
    const { time, model, submit, accept, edits, feed, takeSnapshot, store } = setUp();
    const edit = submit(item(1));
    accept('operation-1', 1, 2);
    // What such a node gives may be what another has read 2 s ago.
    feed.reset('unknown');
    takeSnapshot();
    edits.seenCurrent();
    expect([edits.size, store.get(1)?.version]).toEqual([1, 1]);
    model.commit([{ op: 'update', pick: 0, set: { note: 'x' } }]);
    model.publish();
    takeSnapshot();
    await edit.settled;
    expect([store.get(1)?.version, time.timers]).toEqual([2, 0]);
  });

  it('do not wait for what was deleted when an older snapshot lacks it too', async () => {
    const { model, submit, accept, follow, feed, takeSnapshot } = setUp();
    const edit = submit(item(1));
    model.commit([{ op: 'delete', pick: 0 }]);
    follow();
    feed.reset('too-old');
    takeSnapshot();
    accept('operation-1', 1, 2);
    await edit.settled;
  });

  it('R4.2 do not wait for a record that was deleted before what the page began with, which nothing tells of any more', async () => {
    const { edits, submit, accept, time } = setUp();
    const edit = submit(item(99));
    accept('operation-1', 99, 2);
    edits.seenCurrent();
    time.advance(DOUBT_MS - 1);
    edits.seenCurrent();
    await turn();
    // It may still come.
    expect(edit.isSettled()).toBe(false);
    time.advance(1);
    edits.seenCurrent();
    await turn();
    expect(edit.isSettled()).toBe(true);
  });

  it('R2.1 do not wait for versions that a restore of the database took away, once it is sure that it did', async () => {
    const { model, submit, accept, takeSnapshot, edits } = setUp();
    model.backUp();
    const edit = submit(item(1));
    accept('operation-1', 1, 2);
    model.restore();
    takeSnapshot();
    // It may be of a node that has not heard of the present epoch yet.
    expect(edits.size).toBe(1);
    edits.seenCurrent();
    await edit.settled;
    expect(edits.size).toBe(0);
  });

  it('R2.1 what was answered after a restore waits until the store shows it, however current that was before', async () => {
    const { model, submit, accept, takeSnapshot, edits } = setUp();
    model.backUp();
    model.restore();
    takeSnapshot();
    const edit = submit(item(1));
    accept('operation-1', 1, 2);
    edits.seenCurrent();
    expect(edits.size).toBe(1);
    edits.rejectAll('unavailable');
    await edit.settled;
  });

  it('return conflicts and rejections as they are, in order', async () => {
    const { store, submit, edits } = setUp();
    const current = store.get(2);
    if (!current) throw new Error('The record must be there.');
    const { mb: _mb, ...synced } = current;
    const edit = submit(item(1), item(2, 'x', 1));
    const outcomes = [
      { record: 1, outcome: 'rejected' as const, code: 'case-not-complete' as const },
      {
        record: 2,
        outcome: 'conflict' as const,
        baseVersion: 1,
        current: synced,
        conflict: '0190c2d4-7a52-7d2f-9d8e-3f6a1c9b2e11',
        fields: [],
        overlaps: false,
      },
    ];
    edits.answer({ type: 'edited', operation: 'operation-1', outcomes });
    await expect(edit.done).resolves.toEqual(outcomes);
  });

  it('refuse an answer that does not fit, and ignore one nobody waits for', () => {
    const { submit, accept, edits } = setUp();
    void submit(item(1)).settled;
    expect(accept('operation-1', 2, 2)).toBe(false);
    expect(edits.answer({ type: 'edited', operation: 'operation-1', outcomes: [] })).toBe(false);
    expect(accept('operation-9', 2, 2)).toBe(true);
    expect(edits.size).toBe(1);
  });

  it('reject when the server refuses the edit as a whole', async () => {
    const { submit, edits } = setUp();
    const edit = submit(item(1));
    edits.refuse('operation-1', 'operation-reused');
    await expect(edit.done).rejects.toMatchObject({ code: 'operation-reused', retryable: false });
    expect(edits.size).toBe(0);
  });

  it.each(['internal', 'unavailable', 'rate-limited'] as const)(
    'R4.4 are sent again under their id, with backoff, after an error that passes: %s',
    async (code) => {
      const { time, submit, accept, edits, goOnline, sent } = setUp();
      goOnline();
      const edit = submit(item(1));
      void submit(item(2)).settled;
      edits.refuse('operation-1', code);
      // The first two waits of the backoff with a jitter of a half.
      for (const waitMs of [1_250, 1_750]) {
        const before = sent.length;
        time.advance(waitMs - 1);
        expect(sent.length).toBe(before);
        time.advance(1);
        expect(sent.slice(before)).toEqual(['operation-1']);
        edits.refuse('operation-1', code);
      }
      expect([edits.size, edit.isSettled()]).toEqual([2, false]);
      accept('operation-1', 1, 1);
      await edit.settled;
      edits.refuse('operation-2', code);
      edits.offline();
      expect(time.timers).toBe(0);
      goOnline();
      expect(sent.at(-1)).toBe('operation-2');
      edits.refuse('operation-2', code);
      edits.rejectAll('unavailable');
      expect(time.timers).toBe(0);
    },
  );

  it('R4.2 are sent again in their order, under their ids, unless they are answered', () => {
    const { submit, accept, edits, goOnline, sent } = setUp();
    for (let i = 0; i < 3; i++) void submit(item(1)).settled;
    goOnline();
    accept('operation-2', 1, 9);
    edits.offline();
    goOnline();
    expect(sent).toEqual(['operation-1', 'operation-2', 'operation-3', 'operation-1', 'operation-3']);
  });

  it('keep few in flight and send the next as answers come', () => {
    const { submit, accept, goOnline, sent } = setUp();
    goOnline();
    for (let i = 0; i < IN_FLIGHT_LIMIT + 2; i++) void submit(item(1)).settled;
    expect(sent.length).toBe(IN_FLIGHT_LIMIT);
    accept('operation-1', 1, 1);
    expect(sent.length).toBe(IN_FLIGHT_LIMIT + 1);
  });

  it('are sent no faster than a node puts up with', () => {
    const { time, submit, edits, goOnline, sent } = setUp();
    goOnline();
    for (let i = 1; i <= SEND_BURST + 60; i++) {
      void submit(item(1)).settled;
      edits.refuse(`operation-${i}`, 'forbidden');
    }
    expect(sent.length).toBe(SEND_BURST);
    for (let i = 0; i < 60; i++) void submit(item(1)).settled;
    time.advance(500);
    expect(sent.length).toBe(SEND_BURST + SENDS_PER_SECOND / 2);
    edits.offline();
    expect(time.timers).toBe(0);
    goOnline();
    expect(sent.length).toBe(SEND_BURST + SENDS_PER_SECOND / 2 + IN_FLIGHT_LIMIT);
  });

  it('are not kept without bounds', async () => {
    const { submit, edits } = setUp();
    for (let i = 0; i < PENDING_LIMIT; i++) void submit(item(1)).settled;
    await expect(submit(item(1)).done).rejects.toMatchObject({ code: 'too-many-unsent' });
    expect(edits.size).toBe(PENDING_LIMIT);
  });

  it('reject at once what the protocol does not allow', async () => {
    const { submit, edits } = setUp();
    await expect(submit().done).rejects.toMatchObject({ code: 'invalid-field' });
    await expect(submit(item(1, 'x'.repeat(PATCH_LIMITS.note + 1))).done).rejects.toMatchObject({
      code: 'invalid-field',
    });
    const large = Array.from({ length: EDIT_LIMITS.itemsPerEdit }, () => item(1, 'ä'.repeat(PATCH_LIMITS.note)));
    await expect(submit(...large).done).rejects.toMatchObject({ code: 'payload-too-large' });
    expect(edits.size).toBe(0);
  });

  it('tell how many there are', async () => {
    const { submit, edits, sizes } = setUp();
    const first = submit(item(1));
    const second = submit(item(1));
    edits.rejectAll('unavailable');
    await expect(first.done).rejects.toMatchObject({ code: 'unavailable' });
    await second.settled;
    expect(sizes).toEqual([1, 2, 1, 0]);
  });
});
