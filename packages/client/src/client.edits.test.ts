import type { EditItem, EditOutcome } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { setUpClient } from '../test/client-setup.ts';
import { insert, note } from '../test/intents.ts';
import { SyncError } from './errors/sync-error.ts';

const edit = (record: number, baseVersion: number, text: string): EditItem => ({
  record,
  baseVersion,
  set: { note: text },
});

describe('edits of a sync client', () => {
  it('resolve once the store shows them', async () => {
    const { node, client, run, goLive } = setUpClient();
    node.commit([insert('F-1')]);
    node.publish();
    client.start();
    await goLive();
    let outcomes: EditOutcome[] | null = null;
    const submit = async (): Promise<void> => {
      outcomes = await client.edit([edit(1, 1, 'mine')]);
      expect(client.store.get(1)?.note).toBe('mine');
    };
    const done = submit();
    await run();
    expect([outcomes, client.pendingEdits]).toEqual([null, 1]);
    node.publish();
    await run();
    await done;
    expect([outcomes, client.pendingEdits]).toEqual([[{ record: 1, outcome: 'accepted', version: 2 }], 0]);
  });

  it('are marked as own in the store', async () => {
    const { node, client, run, goLive } = setUpClient();
    node.commit([insert('F-1')]);
    node.publish();
    client.start();
    await goLive();
    const own: boolean[] = [];
    client.store.subscribe((changes) => own.push(...changes.map((change) => change.own)));
    const done = client.edit([edit(1, 1, 'mine')]);
    await run();
    node.publish();
    node.commit([note('theirs')]);
    node.publish();
    await run();
    await done;
    expect(own).toEqual([true, false]);
  });

  it('R2.1 R2.2 return a conflict as it is', async () => {
    const { node, client, run, goLive } = setUpClient();
    node.commit([insert('F-1')]);
    node.publish();
    client.start();
    await goLive();
    node.commit([note('theirs')]);
    const done = client.edit([edit(1, 1, 'mine')]);
    await run();
    await expect(done).resolves.toMatchObject([{ outcome: 'conflict', baseVersion: 1, current: { note: 'theirs' } }]);
  });

  it('R4.2 are sent again under the same operation id when the answer was lost, and committed once', async () => {
    const { model, node, client, run, goLive } = setUpClient();
    node.commit([insert('F-1')]);
    node.publish();
    client.start();
    await goLive();
    const done = client.edit([edit(1, 1, 'mine')]);
    node.close(1006);
    node.publish();
    await goLive();
    await run();
    await expect(done).resolves.toEqual([{ record: 1, outcome: 'accepted', version: 2 }]);
    expect(model.records.get(1)?.version).toBe(2);
    expect(node.received['edit']).toBe(2);
  });

  it('R4.4 outlast an error of the server that is temporary, and are committed once', async () => {
    const { node, client, time, run, goLive } = setUpClient();
    node.commit([insert('F-1')]);
    node.publish();
    client.start();
    await goLive();
    const done = client.edit([edit(1, 1, 'mine')]);
    node.send('{"type":"error","code":"internal","operation":"operation-2"}');
    expect(client.pendingEdits).toBe(1);
    time.advance(2_000);
    node.publish();
    await run();
    await expect(done).resolves.toEqual([{ record: 1, outcome: 'accepted', version: 2 }]);
    expect([node.received['edit'], [...node.carriedOut.values()]]).toEqual([2, [1]]);
  });

  it('wait while offline and go out after the reconnect', async () => {
    const { node, client, run, goLive } = setUpClient();
    node.commit([insert('F-1')]);
    node.publish();
    client.start();
    await goLive();
    node.close(1006);
    const done = client.edit([edit(1, 1, 'mine')]);
    expect(client.pendingEdits).toBe(1);
    await goLive();
    node.publish();
    await run();
    await expect(done).resolves.toMatchObject([{ outcome: 'accepted' }]);
  });

  it('reject when the client is stopped, is not started, or the edit is none', async () => {
    const { client, goLive } = setUpClient();
    await expect(client.edit([edit(1, 1, 'x')])).rejects.toBeInstanceOf(SyncError);
    client.start();
    await goLive();
    await expect(client.edit([])).rejects.toMatchObject({ code: 'invalid-field', retryable: false });
    client.stop();
    const waiting = setUpClient();
    waiting.client.start();
    const pending = waiting.client.edit([edit(1, 1, 'x')]);
    waiting.client.stop();
    await expect(pending).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });
});
