import { describe, expect, it } from 'vitest';
import { settlePromises, setUpClient } from '../test/client-setup.ts';
import { insert, note } from '../test/intents.ts';
import { createMemoryDisk } from '../test/memory-persistence.ts';
import { bareRecords, expectedRecords } from '../test/reference-feed.ts';
import { createTestEnvironment } from '../test/test-environment.ts';
import { SyncError } from './errors/sync-error.ts';
import { SAVE_AFTER_MS } from './persistence/copy-keeper.ts';
import { LOAD_LIMIT_MS } from './persistence/local-state.ts';
import type { ResumedEdit } from './types/edits.ts';
import type { SyncClient } from './types/sync-client.ts';

async function setUp() {
  const disk = createMemoryDisk();
  const environment = createTestEnvironment();
  const set = setUpClient(() => 0.5, { environment });
  const { node, time, makeClient } = set;
  node.commit([insert('F-1'), insert('F-2'), insert('F-3')]);
  node.publish();
  /** Opens a page; `user` is whose it believes to be. */
  const open = (user = 'a'): SyncClient => {
    const client = makeClient(disk.mount(user));
    client.start();
    return client;
  };
  const client = open();
  await set.goLive(client);
  time.advance(SAVE_AFTER_MS);
  await settlePromises();
  const reload = async (from: SyncClient): Promise<SyncClient> => {
    from.stop();
    await settlePromises();
    const next = open();
    await settlePromises();
    return next;
  };
  /** Opens a page that is live before the edits that were kept are read; `readEdits` lets them come. */
  const openSlowly = async () => {
    const mounted = disk.mount();
    let letThemCome = (): void => undefined;
    const isRead = new Promise<void>((resolve) => {
      letThemCome = resolve;
    });
    const slow = makeClient({ ...mounted, loadEdits: () => isRead.then(() => mounted.loadEdits()) });
    slow.start();
    await settlePromises();
    time.advance(LOAD_LIMIT_MS);
    await set.goLive(slow);
    const readEdits = async (): Promise<void> => {
      letThemCome();
      await settlePromises();
    };
    return { client: slow, readEdits };
  };
  return { ...set, disk, environment, open, openSlowly, reload, first: client };
}

function submitNote(client: SyncClient, record: number, text: string): void {
  const seen = client.optimistic.get(record);
  if (!seen) throw new Error('The record must be there.');
  client.optimistic.submit([{ seen, set: { note: text } }]).catch((error: unknown) => {
    // The page that awaits it is gone by then.
    if (!(error instanceof SyncError)) throw error;
  });
}

describe('a client that returns', () => {
  it('R4.2 starts from its copy, says how old that is, and fetches only what it missed', async () => {
    const { node, model, first, environment, reload, goLive, time } = await setUp();
    const currentAt = first.currentAt;
    environment.set({ isOnline: false });
    const client = await reload(first);
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
    expect([client.connection.name, client.currentAt]).toEqual(['offline', currentAt]);

    const { snapshot } = node.requested;
    node.commit([note('missed'), { op: 'delete', pick: 2 }]);
    node.publish();
    time.advance(3_600_000);
    environment.set({ isOnline: true });
    await goLive(client);
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
    expect(node.requested['snapshot']).toBe(snapshot);
    expect(client.proof.state).toBe('proved');
  });

  it('R4.2 takes a snapshot when the copy is too old, or of another epoch', async () => {
    const { node, model, first, reload, goLive } = await setUp();
    first.stop();
    node.commit([note('a')]);
    node.commit([note('b')]);
    node.publish();
    model.trim(1);
    const old = await reload(first);
    await goLive(old);
    expect(bareRecords(old.store.values())).toEqual(expectedRecords(model));
    model.backUp();
    node.restore();
    const foreign = await reload(old);
    await goLive(foreign);
    expect(bareRecords(foreign.store.values())).toEqual(expectedRecords(model));
  });

  it('writes little for a little change, and follows it', async () => {
    const { node, disk, first, time, run, reload, environment } = await setUp();
    const { replaced } = disk.writes;
    node.commit([note('x'), { op: 'delete', pick: 1 }]);
    node.publish();
    await run();
    time.advance(SAVE_AFTER_MS);
    await settlePromises();
    expect(disk.writes.replaced).toBe(replaced);
    const last = disk.copy?.parts.at(-1);
    expect([last?.records.map(({ id }) => id), last?.removed]).toEqual([[1], [2]]);
    environment.set({ isOnline: false });
    const client = await reload(first);
    expect([client.store.get(1)?.note, client.store.size]).toEqual(['x', 2]);
  });

  it('does not trust a copy that is damaged', async () => {
    for (const damage of [
      { position: { cursor: 'nonsense', currentAt: 1 } },
      { parts: [{ records: [{ id: 1 }], removed: [] }] },
    ]) {
      const { disk, first, model, goLive, reload } = await setUp();
      first.stop();
      Object.assign(disk.copy ?? {}, damage);
      const client = await reload(first);
      expect(client.cursor).toBeNull();
      await goLive(client);
      expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
    }
  });

  it('goes on without what was kept when it cannot be read', async () => {
    const { makeClient, goLive, disk, errors } = await setUp();
    const broken = new Error('no database');
    const client = makeClient({
      ...disk.mount(),
      loadCopy: () => Promise.reject(broken),
      loadEdits: () => Promise.reject(broken),
      saveEdits: () => Promise.reject(broken),
    });
    client.start();
    await settlePromises();
    await goLive(client);
    expect(errors.map(({ cause }) => cause)).toContain(broken);
  });

  it('does not wait for ever for what was kept', async () => {
    const { makeClient, goLive, disk, time } = await setUp();
    const client = makeClient({ ...disk.mount(), loadCopy: () => new Promise(() => undefined) });
    client.start();
    expect(client.connection.name).toBe('connecting');
    time.advance(LOAD_LIMIT_MS);
    await goLive(client);
    client.stop();
    const stopped = makeClient({ ...disk.mount(), loadCopy: () => new Promise(() => undefined) });
    stopped.start();
    stopped.stop();
    time.advance(LOAD_LIMIT_MS);
    await settlePromises();
    expect(stopped.connection.name).toBe('stopped');
  });

  it('says so when an edit that was kept cannot be read', async () => {
    const { first, disk, reload, errors, goLive } = await setUp();
    disk.edits.set('damaged', { operation: 'damaged-edit', order: 1, intents: [], bases: null });
    const client = await reload(first);
    await goLive(client);
    expect(errors.map(({ message }) => message)).toEqual(['An edit that was kept cannot be read.']);
  });

  it('R4.4 goes on with the edits of the page before: shown at once, sent in order, reported to whoever listens', async () => {
    const { node, disk, first, environment, reload, goLive, time, run } = await setUp();
    environment.set({ isOnline: false });
    node.close(1006);
    submitNote(first, 1, 'one');
    submitNote(first, 1, 'two');
    submitNote(first, 2, 'comes second');
    time.advance(0);
    const client = await reload(first);
    expect([client.pendingEdits, client.optimistic.get(1)?.note, client.optimistic.pendingCount]).toEqual([
      3,
      'two',
      3,
    ]);
    node.commit([{ op: 'update', pick: 1, set: { note: 'was first' } }]);
    node.publish();
    environment.set({ isOnline: true });
    await goLive(client);
    node.publish();
    await run();
    node.publish();
    await run();
    expect(client.pendingEdits).toBe(0);
    // Nobody has listened yet: a page that ends here leaves them to the next one.
    expect(disk.edits.size).toBe(3);
    const next = await reload(client);
    await goLive(next);
    await run();
    const heard: ResumedEdit[] = [];
    next.onResumed((edit) => heard.push(edit));
    time.advance(0);
    await settlePromises();
    time.advance(0);
    await settlePromises();
    expect(heard.flatMap((edit) => (edit.outcome === 'settled' ? edit.edits : []))).toMatchObject([
      { seen: { id: 1 }, set: { note: 'one' }, outcome: { outcome: 'accepted', version: 2 } },
      { seen: { id: 1 }, set: { note: 'two' }, outcome: { outcome: 'accepted', version: 3 } },
      { seen: { id: 2 }, set: { note: 'comes second' }, outcome: { outcome: 'conflict' } },
    ]);
    expect([...node.carriedOut.values()]).toEqual([1, 1, 1]);
    expect(disk.edits.size).toBe(0);
  });

  it('goes on with them, and says so, when they are read too late to be waited for', async () => {
    const { node, first, environment, openSlowly, time, run, errors } = await setUp();
    environment.set({ isOnline: false });
    node.close(1006);
    submitNote(first, 1, 'one');
    submitNote(first, 1, 'two');
    time.advance(0);
    first.stop();
    await settlePromises();
    environment.set({ isOnline: true });
    const { client, readEdits } = await openSlowly();
    expect(errors.map(({ message }) => message)).toEqual([
      'What was kept of this workspace takes too long to be read.',
    ]);
    expect(client.pendingEdits).toBe(0);
    await readEdits();
    expect([client.pendingEdits, client.optimistic.get(1)?.note]).toEqual([2, 'two']);
    for (let i = 0; i < 3; i++) {
      node.publish();
      await run();
    }
    expect([client.store.get(1)?.note, [...node.carriedOut.values()]]).toEqual(['two', [1, 1]]);
  });

  it('does not take them up once the client is stopped', async () => {
    const { node, disk, first, openSlowly, time } = await setUp();
    node.loseEdits();
    submitNote(first, 1, 'left for the next one');
    time.advance(0);
    first.stop();
    await settlePromises();
    const { client, readEdits } = await openSlowly();
    client.stop();
    await readEdits();
    expect([client.pendingEdits, disk.edits.size, time.timers]).toEqual([0, 1, 0]);
  });

  it('reports an edit that was refused as a whole', async () => {
    const { disk, reload, first, goLive, run, node, environment, time } = await setUp();
    environment.set({ isOnline: false });
    node.close(1006);
    submitNote(first, 1, 'x');
    time.advance(0);
    const client = await reload(first);
    const heard: ResumedEdit[] = [];
    client.onResumed((edit) => heard.push(edit));
    const [operation = ''] = disk.edits.keys();
    node.loseEdits();
    environment.set({ isOnline: true });
    await goLive(client);
    node.send(JSON.stringify({ type: 'error', code: 'operation-reused', operation }));
    await run();
    expect(heard).toMatchObject([{ outcome: 'refused', code: 'operation-reused', intents: [{ set: { note: 'x' } }] }]);
  });

  it('sends nothing when the server takes it for somebody else', async () => {
    const { open, run, node } = await setUp();
    const client = open('somebody-else');
    await settlePromises();
    const { subscribe } = node.received;
    await run();
    expect(client.connection.name).toBe('needs-sign-in');
    expect(node.received['subscribe']).toBe(subscribe);
  });

  it('leaves nothing behind of a workspace that is not its person’s any more', async () => {
    const { first, disk, node, run } = await setUp();
    expect(disk.copy).not.toBeNull();
    node.refuse('workspace-not-found');
    node.close(1006);
    first.reconnectNow();
    await run();
    expect(first.connection).toMatchObject({ name: 'refused' });
    expect(disk.copy).toBeNull();
  });

  it('writes nothing of it after that', async () => {
    const { disk, makeClient, node, time, goLive, run } = await setUp();
    const mounted = disk.mount();
    const order: string[] = [];
    const ends: (() => void)[] = [];
    const client = makeClient({
      ...mounted,
      async saveEdits(changes) {
        order.push('save');
        await mounted.saveEdits(changes);
        await new Promise<void>((resolve) => ends.push(resolve));
      },
      forget() {
        order.push('forget');
        return mounted.forget();
      },
    });
    client.start();
    await settlePromises();
    await goLive(client);
    node.loseEdits();
    submitNote(client, 1, 'being written');
    time.advance(0);
    await settlePromises();
    submitNote(client, 2, 'queued behind it');
    time.advance(0);
    node.close(4403);
    ends[0]?.();
    await run();
    expect([client.connection.name, order, disk.edits.size]).toEqual(['refused', ['save', 'forget'], 0]);
  });

  it.each([403, 404, 405, 408])(
    'R4.4 keeps everything when a proxy answers a page of the snapshot with %i',
    async (status) => {
      const { first, disk, node, time, model, run, goLive } = await setUp();
      node.blockSockets(true);
      submitNote(first, 1, 'kept');
      time.advance(0);
      model.backUp();
      model.restore();
      node.standInForHttp(status);
      node.blockSockets(false);
      for (let i = 0; i < 10; i++) {
        time.advance(1000);
        await run();
      }
      expect([first.connection.name, first.pendingEdits, disk.edits.size]).toEqual(['reconnecting', 1, 1]);
      expect(disk.copy).not.toBeNull();
      node.standInForHttp(null);
      await goLive(first);
      node.publish();
      await run();
      expect([first.pendingEdits, first.store.get(1)?.note]).toEqual([0, 'kept']);
    },
  );

  it('lets the page that was opened last write the copy', async () => {
    const { first, disk, open, goLive, node, run, time } = await setUp();
    const second = open();
    await settlePromises();
    node.deliver();
    await goLive(second);
    node.commit([note('seen by both')]);
    node.publish();
    await run();
    time.advance(SAVE_AFTER_MS);
    await settlePromises();
    const owner = disk.copy?.owner;
    node.commit([note('again')]);
    node.publish();
    await run();
    time.advance(SAVE_AFTER_MS);
    await settlePromises();
    expect([first.store.get(1)?.note, second.store.get(1)?.note]).toEqual(['again', 'again']);
    expect(disk.copy?.owner).toBe(owner);
    expect(disk.copy?.position.cursor).toBe(second.cursor);
  });
});
