import { describe, expect, it } from 'vitest';
import { settlePromises, setUpClient } from '../test/client-setup.ts';
import { insert } from '../test/intents.ts';
import { createMemoryDisk } from '../test/memory-persistence.ts';
import { createTestEnvironment } from '../test/test-environment.ts';
import { SyncError } from './errors/sync-error.ts';
import type { ResumedEdit } from './types/edits.ts';
import type { SyncClient } from './types/sync-client.ts';

interface Tab {
  readonly client: SyncClient;
  readonly told: ResumedEdit[];
  /** It is closed, or has crashed: nothing of it runs any more. */
  close(): Promise<void>;
}

/** Tabs of one person in one browser, live, of two records. */
async function openTabs(count: number) {
  const disk = createMemoryDisk();
  const environment = createTestEnvironment();
  const set = setUpClient(() => 0.5, { environment });
  const { node, time, makeClient, goLive, run } = set;
  node.commit([insert('F-1'), insert('F-2')]);
  node.publish();
  const open = async (): Promise<Tab> => {
    const mounted = disk.mount();
    const client = makeClient(mounted);
    const told: ResumedEdit[] = [];
    client.onResumed((edit) => told.push(edit));
    client.start();
    await goLive(client);
    const close = async (): Promise<void> => {
      time.advance(0);
      await settlePromises();
      mounted.end();
      client.stop();
      await settlePromises();
    };
    return { client, told, close };
  };
  const tabs: Tab[] = [];
  for (let i = 0; i < count; i++) tabs.push(await open());
  const goOffline = (): void => {
    environment.set({ isOnline: false });
    node.blockSockets(true);
  };
  const goOnline = async (client: SyncClient): Promise<void> => {
    node.blockSockets(false);
    environment.set({ isOnline: true });
    for (let i = 0; i < 20 && (client.pendingEdits > 0 || client.connection.name !== 'live'); i++) {
      node.publish();
      await goLive(client);
      await run();
      time.advance(100);
    }
    time.advance(10);
    await settlePromises();
  };
  return { ...set, disk, tabs, goOffline, goOnline };
}

function write(client: SyncClient, record: number, set: { readonly note?: string; readonly done?: boolean }): void {
  const seen = client.optimistic.get(record);
  if (!seen) throw new Error('The record must be there.');
  client.optimistic.submit([{ seen, set }]).catch((error: unknown) => {
    // The tab that awaits it is closed by then.
    if (!(error instanceof SyncError)) throw error;
  });
}

describe('edits of tabs that were closed', () => {
  it('R4.4 are shown and sent by a tab that is open, in the order they were made, and meet none of the same person', async () => {
    const { node, disk, tabs, goOffline, goOnline, time } = await openTabs(3);
    const [first, second, third] = tabs;
    if (!first || !second || !third) throw new Error('There must be three tabs.');
    goOffline();
    write(first.client, 1, { note: 'first' });
    time.advance(5);
    write(second.client, 1, { done: true });
    time.advance(5);
    write(third.client, 1, { note: 'third' });
    write(third.client, 2, { note: 'other' });
    await second.close();
    expect(first.client.optimistic.get(1)).toMatchObject({ note: 'first', done: true });
    await first.close();
    // What was made last is shown, whichever was taken over last.
    expect(third.client.optimistic.get(1)).toMatchObject({ note: 'third', done: true });
    expect(third.client.pendingEdits).toBe(4);
    await goOnline(third.client);
    expect(third.client.store.get(1)).toMatchObject({ note: 'third', done: true, version: 4 });
    expect(third.client.store.get(2)).toMatchObject({ note: 'other' });
    expect([...node.carriedOut.values()]).toEqual([1, 1, 1, 1]);
    expect(
      third.told.map((edit) => edit.outcome === 'settled' && edit.edits.map(({ outcome }) => outcome.outcome)),
    ).toEqual([['accepted'], ['accepted']]);
    expect([disk.edits.size, third.client.pendingEdits]).toEqual([0, 0]);
  });

  it('R4.4 are sent word for word where they may have been carried out already', async () => {
    const { node, disk, tabs, goOffline, goOnline, run } = await openTabs(2);
    const [first, second] = tabs;
    if (!first || !second) throw new Error('There must be two tabs.');
    write(first.client, 1, { note: 'carried out' });
    // It has left, and its tab is closed before the answer.
    await first.close();
    const [operation] = disk.edits.keys();
    goOffline();
    write(second.client, 2, { note: 'mine' });
    await goOnline(second.client);
    await run();
    expect(second.client.store.get(1)).toMatchObject({ note: 'carried out', version: 2 });
    expect(operation === undefined ? 0 : node.carriedOut.get(operation)).toBe(1);
    expect(disk.edits.size).toBe(0);
  });
});
