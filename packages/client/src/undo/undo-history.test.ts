import type { RecordPatch } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { setUpClient } from '../../test/client-setup.ts';
import { insert } from '../../test/intents.ts';
import type { Intent } from '../../test/reference-feed.ts';
import type { SettledEdit } from '../types/edits.ts';
import type { ClientRecord } from '../types/records.ts';
import { createUndoHistory, UNDO_DEPTH, type UndoResult } from './undo-history.ts';

const theirs = (pick: number, set: RecordPatch): Intent => ({ op: 'update', pick, set });

/** A live client with three records, whose edits go through a history. */
async function setUp() {
  const setup = setUpClient();
  const { node, client, run, goLive } = setup;
  node.commit([insert('F-1'), insert('F-2'), insert('F-3')]);
  node.publish();
  client.start();
  await goLive();
  const history = createUndoHistory({ client });
  const seen = (id: number): ClientRecord => {
    const record = client.optimistic.get(id);
    if (!record) throw new Error('The record must be there.');
    return record;
  };
  const settle = async <T>(sent: Promise<T>): Promise<T> => {
    for (let i = 0; i < 4; i++) {
      node.publish();
      await run();
    }
    return sent;
  };
  const send = (set: RecordPatch, ...ids: number[]): Promise<SettledEdit[]> =>
    history.submit(
      ids.map((id) => ({ seen: seen(id), set })),
      Object.keys(set).join(),
    );
  const commit = async (...intents: Intent[]): Promise<void> => {
    node.commit(intents);
    node.publish();
    await run();
  };
  return {
    ...setup,
    history,
    seen,
    commit,
    settle,
    send,
    edit: (set: RecordPatch, ...ids: number[]) => settle(send(set, ...ids)),
    undo: (): Promise<UndoResult> => settle(history.undo()),
    redo: (): Promise<UndoResult> => settle(history.redo()),
  };
}

const outcomesOf = (result: UndoResult): unknown[] =>
  result.outcome === 'sent' ? result.edits.map(({ outcome }) => outcome.outcome) : [result.outcome];

describe('undo history', () => {
  it('takes edits back one by one and does them again', async () => {
    const { client, history, edit, undo, redo } = await setUp();
    await edit({ note: 'a' }, 1);
    await edit({ note: 'b', done: true }, 1);
    expect([history.canUndo, history.undoLabel, history.canRedo]).toEqual([true, 'note,done', false]);
    expect(outcomesOf(await undo())).toEqual(['accepted']);
    expect(client.store.get(1)).toMatchObject({ note: 'a', done: false, version: 4 });
    await undo();
    expect([client.store.get(1)?.note, history.canUndo, history.redoLabel]).toEqual([null, false, 'note']);
    expect(await undo()).toEqual({ outcome: 'nothing' });
    await redo();
    await redo();
    expect(client.store.get(1)).toMatchObject({ note: 'b', done: true });
    expect([history.canUndo, history.canRedo]).toEqual([true, false]);
  });

  it('takes a bulk edit back as one, each record to its own value', async () => {
    const { client, model, edit, undo } = await setUp();
    await edit({ note: 'own' }, 2);
    await edit({ note: 'all' }, 1, 2, 3);
    expect(outcomesOf(await undo())).toEqual(['accepted', 'accepted', 'accepted']);
    expect(Array.from(client.store.values(), ({ note }) => note)).toEqual([null, 'own', null]);
    expect(model.records.get(1)?.version).toBe(3);
  });

  it('R2.1 never sets what someone else set since, and says who changed what', async () => {
    const { client, node, edit, undo, commit, history } = await setUp();
    await edit({ done: true }, 2);
    await edit({ note: 'mine' }, 1, 2);
    await commit(theirs(1, { note: 'theirs' }));
    await commit(theirs(1, { assignee: 'u1' }));
    const at = node.received['edit'];
    const changes = await undo();
    expect(changes).toMatchObject({
      outcome: 'blocked',
      label: 'note',
      obstacles: [{ reason: 'changed', record: 2, field: 'note', expected: 'mine', current: 'theirs', by: 'user:b' }],
    });
    expect([node.received['edit'], client.store.get(1)?.note]).toEqual([at, 'mine']);
    // The step is dropped; the one before it is within reach, and the other fields are nobody's business.
    expect(history.undoLabel).toBe('done');
    expect(outcomesOf(await undo())).toEqual(['accepted']);
    expect(client.store.get(2)).toMatchObject({ done: false, note: 'theirs', assignee: 'u1' });
  });

  it('says when the changed field was changed, not the record', async () => {
    const { client, edit, undo, commit } = await setUp();
    await edit({ note: 'mine' }, 1);
    await commit(theirs(0, { note: 'theirs' }));
    const changedAt = client.store.get(1)?.updatedAt;
    await commit(theirs(0, { assignee: 'u1' }));
    expect(client.store.get(1)?.updatedAt).not.toBe(changedAt);
    expect(await undo()).toMatchObject({ obstacles: [{ field: 'note', at: changedAt }] });
  });

  it('says when a record is gone', async () => {
    const { edit, undo, commit } = await setUp();
    await edit({ note: 'mine' }, 1, 2);
    await commit({ op: 'delete', pick: 0 });
    expect(await undo()).toEqual({ outcome: 'blocked', label: 'note', obstacles: [{ reason: 'deleted', record: 1 }] });
  });

  it('reaches an edit that is still on its way', async () => {
    const { client, history, send, settle } = await setUp();
    const sent = send({ note: 'a' }, 1);
    const undone = history.undo();
    expect([client.optimistic.get(1)?.note, history.canUndo, history.canRedo]).toEqual([null, false, true]);
    await settle(undone);
    expect((await sent)[0]?.outcome.outcome).toBe('accepted');
    expect(client.store.get(1)).toMatchObject({ note: null, version: 3 });
  });

  it('forgets what was refused, also when it was taken back before the answer', async () => {
    const { node, client, history, edit, send, settle } = await setUp();
    node.locks.take({ user: 'b', instance: 'b' }, [2]);
    await edit({ note: 'a' }, 1, 2);
    expect(outcomesOf(await settle(history.undo()))).toEqual(['accepted']);
    expect(client.store.get(1)?.note).toBeNull();
    const sent = send({ note: 'b' }, 2);
    const undone = history.undo();
    await Promise.all([settle(sent), undone]);
    expect([history.canUndo, history.canRedo]).toEqual([false, false]);
  });

  it('returns what refuses an undo, which can then be tried again', async () => {
    const { node, client, history, edit, undo } = await setUp();
    await edit({ note: 'a' }, 1, 2);
    node.locks.take({ user: 'b', instance: 'b' }, [2]);
    const result = await undo();
    expect(outcomesOf(result)).toEqual(['accepted', 'rejected']);
    expect([history.canUndo, history.canRedo, client.store.get(2)?.note]).toEqual([true, true, 'a']);
    for (const { lock } of node.locks.all) node.locks.end(lock, 'released');
    expect(outcomesOf(await undo())).toEqual(['accepted']);
    expect(client.store.get(2)?.note).toBeNull();
  });

  it('R2.1 meets a conflict like any edit', async () => {
    const { node, history, edit, settle } = await setUp();
    await edit({ note: 'a' }, 1);
    node.commit([theirs(0, { note: 'unseen' })]);
    expect(outcomesOf(await settle(history.undo()))).toEqual(['conflict']);
    expect(await settle(history.undo())).toMatchObject({ outcome: 'blocked', obstacles: [{ current: 'unseen' }] });
  });

  it('keeps the step when the client is stopped', async () => {
    const { client, history, edit } = await setUp();
    await edit({ note: 'a' }, 1);
    client.stop();
    await expect(history.undo()).rejects.toMatchObject({ code: 'unavailable' });
    expect([history.canUndo, history.canRedo]).toEqual([true, false]);
  });

  it('forgets what was undone once something new is done', async () => {
    const { history, edit, undo, redo } = await setUp();
    await edit({ note: 'a' }, 1);
    await undo();
    await edit({ note: 'b' }, 1);
    expect(history.canRedo).toBe(false);
    expect(await redo()).toEqual({ outcome: 'nothing' });
  });

  it('remembers a bounded number of edits, and none that changes nothing', async () => {
    const { client, history, seen, edit } = await setUp();
    await edit({ done: false }, 1);
    expect(history.canUndo).toBe(false);
    const before = seen(1);
    for (let i = 0; i < UNDO_DEPTH + 5; i++) {
      history.record([
        { seen: before, set: { note: `${i}` }, outcome: { record: 1, outcome: 'accepted', version: 2 } },
      ]);
    }
    let steps = 0;
    for (; history.canUndo; steps++) await history.undo();
    expect([steps, client.optimistic.pendingCount]).toEqual([UNDO_DEPTH, 0]);
  });

  it('tells its listeners and ends', async () => {
    const { history, edit } = await setUp();
    let calls = 0;
    history.subscribe(() => calls++);
    await edit({ note: '  a ' }, 1);
    expect(calls).toBe(1);
    history.dispose();
    expect(history.canUndo).toBe(false);
  });
});
