import { BLANK_CONTENT, PATCH_LIMITS } from '@meldesync/domain';
import { EDIT_LIMITS, type EditItem, type EditOutcome } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { settlePromises, setUpClient } from '../../test/client-setup.ts';
import type { Intent } from '../../test/reference-feed.ts';
import { createRecordStore } from '../store/record-store.ts';
import type { EditIntent } from '../types/edits.ts';
import type { AppliedChange, ClientRecord } from '../types/records.ts';
import { createOptimisticRecords } from './optimistic-records.ts';

const insert: Intent = { op: 'insert', caseId: 'F-1', art: 'G', day: 1 };
const throwIt = (error: Error): void => {
  throw error;
};

function record(id: number, version: number, fields: Partial<ClientRecord> = {}): ClientRecord {
  return {
    id,
    version,
    vorgangsnummer: 'ab'.repeat(32),
    ibe: '',
    ...BLANK_CONTENT,
    updatedAt: `2025-01-01T00:00:0${version}.000Z`,
    updatedBy: 'user:a',
    mb: null,
    ...fields,
  };
}

/** Records over a store of one record and a server that answers when the test says so. */
function setUp() {
  const calls: {
    readonly items: readonly EditItem[];
    readonly answer: (outcomes: EditOutcome[]) => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  const store = createRecordStore(throwIt);
  store.preview([record(1, 4), record(2, 9)]);
  const optimistic = createOptimisticRecords({
    randomId: () => 'operation-1',
    journal: () => null,
    store,
    edit: (items) => new Promise((answer, fail) => calls.push({ items, answer, fail })),
    stamp: () => ({ by: 'user:a', via: 'web', at: '2025-01-02T00:00:00.000Z' }),
    report: throwIt,
    onWaiting: () => undefined,
    onSettled: () => undefined,
  });
  const seen = (id: number): ClientRecord => optimistic.get(id) ?? record(id, 1);
  const submit = (id: number, set: EditIntent['set'], from = seen(id)) => optimistic.submit([{ seen: from, set }]);
  const confirm = (id: number, version: number, set: EditIntent['set'], own = true): void => {
    const change = { record: id, version, op: 'update' as const, set, by: 'user:a', via: 'web' as const, at: 'x' };
    const applied = store.apply(change, own);
    if (applied) store.announce([applied]);
  };
  return { calls, store, optimistic, seen, submit, confirm };
}

const accepted = (id: number, version: number): EditOutcome => ({ record: id, outcome: 'accepted', version });

describe('optimistic records', () => {
  it('R1.3 show an own edit at once and the confirmed record itself after it', async () => {
    const { calls, store, optimistic, submit, confirm } = setUp();
    const batches: (readonly AppliedChange[])[] = [];
    optimistic.subscribe((changes) => batches.push(changes));
    const done = submit(1, { done: true });
    expect(optimistic.get(1)).toEqual({ ...record(1, 4), done: true });
    expect([optimistic.pendingOf(1), optimistic.pendingCount, optimistic.size]).toEqual([{ done: true }, 1, 2]);
    expect(Array.from(optimistic.values(), (shown) => shown.done)).toEqual([true, false]);
    confirm(1, 5, { done: true });
    expect(optimistic.get(1)).toBe(store.get(1));
    calls[0]?.answer([accepted(1, 5)]);
    expect((await done)[0]?.outcome).toEqual(accepted(1, 5));
    expect([optimistic.pendingOf(1), optimistic.pendingCount]).toEqual([undefined, 0]);
    expect(batches.map(([change]) => [change?.own, change?.before?.done, change?.after?.done])).toEqual([
      [true, false, true],
      [true, true, true],
      [true, true, true],
    ]);
    const [last] = batches.at(-1) ?? [];
    expect(last?.before).toBe(last?.after);
  });

  it('show the last wish all the time while answers to quick toggles are under way', async () => {
    const { node, client, run, goLive } = setUpClient();
    node.commit([insert]);
    node.publish();
    client.start();
    await goLive();
    const { optimistic } = client;
    const shown: (boolean | undefined)[] = [];
    optimistic.subscribe((changes) => shown.push(...changes.map(({ after }) => after?.done)));
    const wishes = [true, false, true].map((done) => {
      const seen = optimistic.get(1);
      if (!seen) throw new Error('The record must be there.');
      return optimistic.submit([{ seen, set: { done } }]);
    });
    expect(shown).toEqual([true, false, true]);
    for (let i = 0; i < 8; i++) {
      node.publish();
      await run();
    }
    const outcomes = (await Promise.all(wishes)).map(([edit]) => edit?.outcome);
    expect(outcomes.map((outcome) => outcome?.outcome)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(new Set(shown.slice(3))).toEqual(new Set([true]));
    expect(optimistic.get(1)).toBe(client.store.get(1));
    expect(client.store.get(1)).toMatchObject({ done: true, version: 4 });
  });

  it('R2.1 take back what was refused, with later intents still on top', async () => {
    const { calls, optimistic, submit } = setUp();
    const first = submit(1, { done: true, note: 'a' });
    const second = submit(1, { note: 'b' });
    expect(optimistic.get(1)).toMatchObject({ done: true, note: 'b' });
    calls[0]?.answer([{ record: 1, outcome: 'rejected', code: 'case-not-complete' }]);
    await first;
    expect(optimistic.get(1)).toMatchObject({ done: false, note: 'b' });
    await settlePromises();
    calls[1]?.fail(new Error('refused'));
    await expect(second).rejects.toThrow('refused');
    expect(optimistic.get(1)).toEqual(record(1, 4));
  });

  it('R2.5 base a second edit on the version the first one made, also when the screen lags', async () => {
    const { calls, optimistic, seen, submit, confirm } = setUp();
    const old = seen(1);
    const first = submit(1, { done: true });
    const shown = seen(1);
    const second = submit(1, { note: 'x' }, record(1, 4));
    expect([calls.length, optimistic.pendingOf(1)]).toEqual([1, { done: true, note: 'x' }]);
    confirm(1, 5, { done: true });
    calls[0]?.answer([accepted(1, 5)]);
    await first;
    await settlePromises();
    expect(calls[1]?.items).toEqual([{ record: 1, baseVersion: 5, set: { note: 'x' } }]);
    confirm(1, 6, { note: 'x' });
    calls[1]?.answer([accepted(1, 6)]);
    await second;
    for (const stale of [old, shown]) {
      void submit(1, { note: 'y' }, stale);
      await settlePromises();
      expect(calls.at(-1)?.items[0]?.baseVersion).toBeGreaterThanOrEqual(5);
      calls.at(-1)?.answer([{ record: 1, outcome: 'rejected', code: 'internal' }]);
      await settlePromises();
    }
  });

  it('R2.1 never step over a change the person had not seen', async () => {
    const { calls, seen, submit, confirm } = setUp();
    const old = seen(1);
    confirm(1, 5, { note: 'theirs' }, false);
    void submit(1, { done: true });
    void submit(1, { note: 'mine' }, old);
    expect(calls.map(({ items }) => items[0]?.baseVersion)).toEqual([5]);
    confirm(1, 6, { done: true });
    calls[0]?.answer([accepted(1, 6)]);
    await settlePromises();
    expect(calls[1]?.items[0]?.baseVersion).toBe(4);
  });

  it('keep the version the person saw when the edit before was refused, or what an earlier one had made', async () => {
    const { calls, submit, confirm } = setUp();
    const all = [submit(1, { done: true }), submit(1, { caseId: 'F' }), submit(1, { note: 'x' })];
    confirm(1, 5, { done: true });
    calls[0]?.answer([accepted(1, 5)]);
    await settlePromises();
    calls[1]?.fail(new Error('refused'));
    await settlePromises();
    expect(calls[2]?.items[0]?.baseVersion).toBe(5);
    calls[2]?.answer([accepted(1, 6)]);
    await Promise.allSettled(all);
  });

  it('do not hold up edits of other records, and send at once what nothing stands before', () => {
    const { calls, submit } = setUp();
    void submit(1, { done: true });
    void submit(2, { done: true });
    void submit(1, { done: false });
    expect(calls.map(({ items }) => items[0]?.record)).toEqual([1, 2]);
  });

  it('are sent at once also after earlier edits of the record: a lock given back next must not overtake them', async () => {
    const { calls, submit, confirm } = setUp();
    const first = submit(1, { done: true });
    confirm(1, 5, { done: true });
    calls[0]?.answer([accepted(1, 5)]);
    await first;
    void submit(1, { done: false });
    expect(calls[1]?.items[0]?.baseVersion).toBe(5);
  });

  it('keep the order of each record when they are part of larger edits', async () => {
    const { calls, optimistic, seen, submit } = setUp();
    void submit(1, { done: true });
    void optimistic.submit([
      { seen: seen(1), set: { note: 'both' } },
      { seen: seen(2), set: { note: 'both' } },
    ]);
    void submit(2, { note: 'later' });
    expect([calls.length, optimistic.waiting]).toEqual([1, 2]);
    calls[0]?.answer([accepted(1, 5)]);
    await settlePromises();
    expect([calls.length, optimistic.waiting]).toEqual([2, 1]);
    calls[1]?.answer([accepted(1, 6), accepted(2, 10)]);
    await settlePromises();
    expect(calls[2]?.items).toEqual([{ record: 2, baseVersion: 10, set: { note: 'later' } }]);
  });

  it('keep objects until they change', () => {
    const { optimistic, submit } = setUp();
    void submit(1, { done: true });
    const [shown, pending] = [optimistic.get(1), optimistic.pendingOf(1)];
    void submit(2, { done: true });
    void submit(1, { done: true });
    expect(optimistic.get(1)).toBe(shown);
    expect(optimistic.pendingOf(1)).toBe(pending);
  });

  it('show texts as they will be stored', () => {
    const { calls, optimistic, submit } = setUp();
    void submit(1, { note: '  x\r\ny ', caseId: ' ' });
    expect(optimistic.pendingOf(1)).toEqual({ note: 'x\ny', caseId: null });
    expect(calls[0]?.items[0]?.set).toEqual({ note: 'x\ny', caseId: null });
  });

  it('pass on which conflict an edit settles', () => {
    const { calls, optimistic, seen } = setUp();
    const resolves = { conflict: '0190c2d4-7a52-7d2f-9d8e-3f6a1c9b2e11', as: 'merged' as const };
    void optimistic.submit([{ seen: seen(1), set: { note: 'x' }, resolves }]);
    expect(calls[0]?.items[0]?.resolves).toEqual(resolves);
  });

  it('tell all listeners in the same order what a listener causes', () => {
    const { optimistic, seen, submit } = setUp();
    const heard: unknown[] = [];
    optimistic.subscribe(([change]) => {
      if (change?.after?.note === 'first') void optimistic.submit([{ seen: seen(2), set: { note: 'second' } }]);
    });
    optimistic.subscribe(([change]) => heard.push(change?.after?.note));
    void submit(1, { note: 'first' });
    expect(heard).toEqual(['first', 'second']);
  });

  it('refuse at once what one message cannot carry, and show nothing of it', async () => {
    const { node, client, goLive } = setUpClient();
    node.commit(Array.from({ length: EDIT_LIMITS.itemsPerEdit }, () => insert));
    node.publish();
    client.start();
    await goLive();
    const note = 'n'.repeat(PATCH_LIMITS.note);
    const all = Array.from(client.store.values(), (seen): EditIntent => ({ seen, set: { note } }));
    await expect(client.optimistic.submit(all)).rejects.toMatchObject({ code: 'payload-too-large', retryable: false });
    expect([client.optimistic.get(1)?.note, client.pendingEdits, node.received['edit']]).toEqual([null, 0, undefined]);
    // A mark on as many records fits well.
    const marked = client.optimistic.submit(all.map(({ seen }) => ({ seen, set: { done: true } })));
    expect(node.received['edit']).toBe(1);
    client.stop();
    await expect(marked).rejects.toMatchObject({ code: 'unavailable' });
  });

  const setUpCounted = async () => {
    const { node, client, run, goLive } = setUpClient();
    node.commit([insert]);
    node.publish();
    client.start();
    await goLive();
    const seen = client.store.get(1);
    if (!seen) throw new Error('The record must be there.');
    return { node, client, run, seen };
  };

  it('are counted with the edits of the client, those that wait for another too', async () => {
    const { client, run, seen } = await setUpCounted();
    const edits = ['a', 'b'].map((note) => client.optimistic.submit([{ seen, set: { note } }]));
    expect([client.pendingEdits, client.optimistic.pendingCount]).toEqual([2, 2]);
    client.stop();
    await Promise.all(edits.map((edit) => expect(edit).rejects.toMatchObject({ code: 'unavailable' })));
    expect([client.pendingEdits, client.optimistic.pendingCount, client.optimistic.get(1)]).toEqual([0, 0, seen]);
    await run();
  });

  it('are counted without a moment in which one is counted nowhere, or twice', async () => {
    const { node, client, run, seen } = await setUpCounted();
    const counts: number[] = [];
    client.onConnection(() => counts.at(-1) === client.pendingEdits || counts.push(client.pendingEdits));
    for (const note of ['a', 'b', 'c']) void client.optimistic.submit([{ seen, set: { note } }]);
    for (let i = 0; i < 3; i++) {
      await run();
      node.publish();
      await run();
    }
    expect(counts).toEqual([1, 2, 3, 2, 1, 0]);
  });
});
