import { parseCursor } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { framesAfter, setUpFeed, takeSnapshot } from '../../test/feed-setup.ts';
import { insert, note } from '../../test/intents.ts';
import { bareRecords, expectedRecords } from '../../test/reference-feed.ts';
import type { AppliedChange } from '../types/records.ts';

describe('feed', () => {
  it.each([
    ['of the epoch', false],
    ['of another epoch than that', true],
  ])(
    'R4.4 a first snapshot %s in which records were shown before: whether what was answered may be gone',
    (_, isRestored) => {
      const { model, feed, restores } = setUpFeed();
      feed.continueIn(parseCursor(model.page(0, 1).cursor).epoch);
      if (isRestored) {
        model.backUp();
        model.restore();
      }
      feed.continueIn(parseCursor(model.page(0, 1).cursor).epoch);
      takeSnapshot(feed, model);
      expect(restores).toEqual([isRestored]);
    },
  );

  it('applies frames that follow on each other and moves the cursor', () => {
    const { model, store, feed } = setUpFeed();
    takeSnapshot(feed, model);
    model.commit([insert('F-1'), insert('F-2')]);
    model.commit([note('x')]);
    model.publish();
    expect(feed.receive(framesAfter(feed, model))).toBe('whole');
    expect(bareRecords(store.values())).toEqual(expectedRecords(model));
    expect(feed.cursor && parseCursor(feed.cursor).position).toBe(model.head);
    expect(feed.hasReached(model.head)).toBe(true);
  });

  it('tells readers once a message, and which changes are their own', () => {
    const { model, store, feed } = setUpFeed();
    takeSnapshot(feed, model);
    const batches: (readonly AppliedChange[])[] = [];
    store.subscribe((changes) => batches.push(changes));
    model.commit([insert('F-1')], 'mine');
    model.commit([note('x')], 'theirs');
    model.publish();
    feed.receive(framesAfter(feed, model));
    expect(
      batches.map((batch) => batch.map(({ own, before, after }) => [own, before?.version, after?.version])),
    ).toEqual([
      [
        [true, undefined, 1],
        [false, 1, 2],
      ],
    ]);
  });

  it('reports a gap and keeps what came before it', () => {
    const { model, store, feed } = setUpFeed();
    takeSnapshot(feed, model);
    for (const text of ['F-1', 'F-2', 'F-3']) model.commit([insert(text)]);
    model.publish();
    const [first, , third] = framesAfter(feed, model);
    expect(feed.receive([first, third].filter((frame) => frame !== undefined))).toBe('gap');
    expect([...store.values()].map((record) => record.caseId)).toEqual(['F-1']);
    expect(feed.receive(framesAfter(feed, model))).toBe('whole');
    expect(bareRecords(store.values())).toEqual(expectedRecords(model));
  });

  it('skips frames it has, without telling anyone', () => {
    const { model, store, feed } = setUpFeed();
    takeSnapshot(feed, model);
    model.commit([insert('F-1')]);
    model.publish();
    const frames = framesAfter(feed, model);
    feed.receive(frames);
    let calls = 0;
    store.subscribe(() => calls++);
    expect(feed.receive(frames)).toBe('whole');
    expect(calls).toBe(0);
  });

  it('ignores frames without a complete snapshot and after a reset', () => {
    const { model, store, feed } = setUpFeed();
    model.commit([insert('F-1')]);
    model.publish();
    expect(feed.receive([{ id: '110-0', prev: '0-0', changes: [] }])).toBe('whole');
    expect(feed.cursor).toBeNull();
    takeSnapshot(feed, model);
    feed.reset('too-old');
    model.commit([note('x')]);
    model.publish();
    feed.receive(framesAfter(feed, model));
    expect([...store.values()][0]?.note).toBeNull();
    expect(feed.continueIn(model.epoch)).toBeNull();
  });

  it('keeps a deleted record deleted when a page read before comes later', () => {
    const { model, store, feed } = setUpFeed();
    model.commit([insert('F-1'), insert('F-2')]);
    model.publish();
    takeSnapshot(feed, model);
    const snapshot = feed.openSnapshot();
    const latePage = model.page(0, 1000);
    model.commit([{ op: 'delete', pick: 0 }]);
    model.publish();
    feed.receive(framesAfter(feed, model));
    snapshot.addPage(latePage.records);
    snapshot.finish(latePage.cursor);
    expect(bareRecords(store.values())).toEqual(expectedRecords(model));
  });

  it('keeps the old records in view until a new snapshot is complete (R4.2)', () => {
    const { model, store, feed } = setUpFeed();
    model.commit([insert('F-1'), insert('F-2')]);
    model.publish();
    takeSnapshot(feed, model);
    const known = store.get(2);
    feed.reset('too-old');
    model.commit([{ op: 'delete', pick: 0 }]);
    model.publish();
    const snapshot = feed.openSnapshot();
    snapshot.addPage(model.page(0, 1000).records);
    expect(store.size).toBe(2);
    snapshot.finish(model.page(0, 1000).cursor);
    expect(bareRecords(store.values())).toEqual(expectedRecords(model));
    expect(store.get(2)).toBe(known);
  });

  it('P49 R4.3 takes what a snapshot of its own cursor holds beyond that, and the frames of it later', () => {
    const { model, store, feed } = setUpFeed();
    model.commit([insert('F-1')]);
    model.publish();
    takeSnapshot(feed, model);
    model.commit([note('beyond')]);
    takeSnapshot(feed, model);
    expect(store.get(1)?.note).toBe('beyond');
    model.publish();
    expect(feed.receive(framesAfter(feed, model))).toBe('whole');
    expect(bareRecords(store.values())).toEqual(expectedRecords(model));
  });

  it('takes lower versions over when the server does not know the position', () => {
    const { model, store, feed, restores } = setUpFeed();
    model.commit([insert('F-1')]);
    model.publish();
    const { cursor, records } = model.page(0, 1000);
    model.commit([note('x')]);
    model.publish();
    takeSnapshot(feed, model);
    feed.reset('unknown');
    const snapshot = feed.openSnapshot();
    snapshot.addPage(records);
    snapshot.finish(cursor);
    expect(store.get(1)?.version).toBe(1);
    // What it shows may be less for a while only: an epoch goes on.
    expect(restores).toEqual([false, false]);
  });

  it.each(['too-old', 'epoch'] as const)(
    'R2.5 is not taken back by pages of a node that is behind, after a reset: %s',
    (reason) => {
      const { model, store, feed } = setUpFeed();
      model.commit([insert('F-1')]);
      model.publish();
      const before = model.page(0, 1000);
      takeSnapshot(feed, model);
      model.commit([note('x')]);
      model.publish();
      feed.receive(framesAfter(feed, model));
      const { cursor } = feed;

      feed.reset(reason);
      const behind = feed.openSnapshot();
      behind.addPage(before.records);
      behind.finish(before.cursor);
      expect(feed.cursor).toBe(cursor);
      expect(bareRecords(store.values())).toEqual(expectedRecords(model));
      // It goes on from where it stands; whether that is possible is the next node's to say.
      expect(feed.continueIn(parseCursor(cursor ?? '').epoch)).toBe(cursor);
    },
  );

  it('shows the first snapshot while it is loaded, telling readers each time it has doubled', () => {
    const { model, store, feed } = setUpFeed();
    model.commit(Array.from({ length: 20 }, (_, i) => insert(`F-${i}`)));
    model.publish();
    const sizes: number[] = [];
    store.subscribe(() => sizes.push(store.size));
    const snapshot = feed.openSnapshot();
    const all = model.page(0, 1000);
    for (let i = 0; i < 20; i += 2) snapshot.addPage(all.records.slice(i, i + 2));
    expect(feed.cursor).toBeNull();
    snapshot.finish(all.cursor);
    expect(sizes).toEqual([2, 4, 8, 16, 20]);
  });

  it('takes lower versions over after a restore of the database', () => {
    const { model, store, feed, restores } = setUpFeed();
    model.commit([insert('F-1')]);
    model.backUp();
    model.commit([note('lost with the restore')]);
    model.publish();
    takeSnapshot(feed, model);
    model.restore();
    expect(feed.continueIn(model.epoch)).toBeNull();
    takeSnapshot(feed, model);
    expect(store.get(1)?.version).toBe(1);
    expect(restores).toEqual([false, true]);
  });
});

describe('records that cannot be read', () => {
  /** A feed whose snapshot held a record that cannot be read, beside another. */
  const setUpUnreadable = () => {
    const setup = setUpFeed();
    const { model, feed } = setup;
    model.commit([insert('F-1'), insert('F-2')]);
    model.publish();
    const { cursor, records } = model.page(0, 1000);
    const [unreadable, ...readable] = records;
    const snapshot = feed.openSnapshot();
    snapshot.addPage(readable, unreadable ? [{ id: unreadable.id, version: unreadable.version }] : []);
    snapshot.finish(cursor);
    return { ...setup, id: unreadable?.id ?? 0, cursor };
  };

  it('P45 P36 are not shown, and counted in the checksum', () => {
    const { store, feed, model } = setUpUnreadable();
    expect([store.size, store.unreadable.size]).toEqual([1, 1]);
    model.commit([{ op: 'update', pick: 1, set: { note: 'of the other' } }]);
    model.publish();
    expect(feed.receive(framesAfter(feed, model))).toBe('whole');
    expect(feed.proof).toBe('proved');
  });

  it('P45 lead to a snapshot with their next change, after which they are there', () => {
    const { store, feed, model, cursor } = setUpUnreadable();
    model.commit([{ op: 'update', pick: 0, set: { note: 'mended' } }]);
    model.publish();
    expect(feed.receive(framesAfter(feed, model))).toBe('unreadable');
    expect(feed.cursor).toBe(cursor);
    takeSnapshot(feed, model);
    expect(bareRecords(store.values())).toEqual(expectedRecords(model));
    expect(store.unreadable.size).toBe(0);
  });
});
