import type { EditItem } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { settlePromises, setUpClient, WORKSPACE } from '../test/client-setup.ts';
import { insert, note } from '../test/intents.ts';
import { bareRecords, expectedRecords } from '../test/reference-feed.ts';
import { createSyncClient } from './client.ts';
import { PING_EVERY_MS } from './connection/heartbeat.ts';

const edit = (record: number, baseVersion: number, text: string): EditItem => ({
  record,
  baseVersion,
  set: { note: text },
});

describe('sync client', () => {
  it('R3.1 loads the workspace, then follows it', async () => {
    const { model, node, client, run, goLive } = setUpClient();
    node.commit(Array.from({ length: 11 }, (_, i) => insert(`F-${i}`)));
    node.publish();
    const names: string[] = [];
    client.onConnection(({ name }) => {
      if (name !== names.at(-1)) names.push(name);
    });
    client.start();
    await goLive();
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
    expect(names).toEqual(['connecting', 'loading', 'live']);
    expect(client.session).toEqual({ user: 'a', role: 'editor', node: 'n1' });
    node.commit([note('x')]);
    node.publish();
    await run();
    expect(client.store.get(1)?.note).toBe('x');
    expect(client.cursor).toBe(`${model.epoch}:${model.head}`);
  });

  it('measures the round trip', async () => {
    const { client, node, time, run, goLive } = setUpClient();
    client.start();
    await goLive();
    time.advance(PING_EVERY_MS);
    time.advance(12);
    node.deliver();
    await run();
    expect(client.connection).toEqual({ name: 'live', roundTripMs: 12 });
  });

  it('R1.1 knows that it holds what the server holds, notices when it does not, says so and mends it by a snapshot', async () => {
    const { model, node, client, run, goLive } = setUpClient();
    node.commit([insert('F-1'), insert('F-2')]);
    node.publish();
    client.start();
    await goLive();
    node.commit([note('right')]);
    node.publish();
    await run();
    expect(client.proof).toEqual({ state: 'proved', checksum: model.headSum });

    node.commit([note('arrives without its change')]);
    node.publish();
    node.tamper((frame) => ({ ...frame, changes: [] }));
    await run();
    expect(node.received['diverged']).toBe(1);
    await goLive();
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
    expect(client.proof).toEqual({ state: 'proved', checksum: model.headSum });
  });

  it('R1.1 notices at the next heartbeat that the last frame never came', async () => {
    const { node, time, client, run, goLive } = setUpClient();
    node.commit([insert('F-1')]);
    node.publish();
    client.start();
    await goLive();
    node.commit([note('lost on the way')]);
    node.publish();
    node.loseFrames(1);
    await run();
    expect(client.store.get(1)?.note).toBeNull();
    time.advance(10_000);
    await run();
    expect(client.store.get(1)?.note).toBe('lost on the way');
    expect(client.connection.name).toBe('live');
  });

  it('R4.1 R4.2 comes back after a cut and fetches only what it missed', async () => {
    const { model, node, time, client, run, goLive } = setUpClient();
    node.commit([insert('F-1')]);
    node.publish();
    client.start();
    await goLive();
    node.close(1006);
    const retryAt = time.runtime.now() + 1250;
    expect(client.connection).toMatchObject({ name: 'reconnecting', attempt: 1, retryAt });
    node.commit([note('missed')]);
    node.publish();
    time.advance(1249);
    expect(node.lines).toBe(0);
    time.advance(1);
    await run();
    expect(client.connection.name).toBe('live');
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
  });

  it('R4.1 P22 takes a connection that is silent for 6 s for dead', async () => {
    const { node, time, client, goLive } = setUpClient();
    client.start();
    await goLive();
    time.advance(6_000);
    expect(client.connection.name).toBe('reconnecting');
    expect(node.lines).toBe(0);
  });

  it('reconnects when the server does not answer hello within 10 s', () => {
    const { node, time, client } = setUpClient();
    client.start();
    node.deliver(0);
    expect(node.received).toEqual({ hello: 1 });
    time.advance(10_000);
    expect(client.connection.name).toBe('reconnecting');
  });

  it('reconnects and reports without content when a message is malformed', async () => {
    const { node, client, errors, goLive } = setUpClient();
    client.start();
    await goLive();
    node.send('{"type":"subscribed","head":"F-10234"}');
    expect(client.connection.name).toBe('reconnecting');
    expect(errors.map((error) => error.message)).toEqual(['subscribed at "head"']);
  });

  it('reconnects at once when the server refuses to subscribe', async () => {
    const { node, client, run } = setUpClient();
    client.start();
    const isSubscribing = (): boolean => node.received['subscribe'] === 1;
    while (!isSubscribing()) {
      node.deliver(1);
      await settlePromises();
    }
    node.send('{"type":"error","code":"unexpected-message"}');
    expect(client.connection.name).toBe('reconnecting');
    await run();
  });

  it('needs a sign-in after 4401 and comes back when asked to', async () => {
    const { node, time, client, run, goLive } = setUpClient();
    client.start();
    await goLive();
    node.refuse('unauthenticated');
    node.close(4401);
    expect(client.connection.name).toBe('needs-sign-in');
    time.advance(100_000);
    expect(node.lines).toBe(0);
    client.reconnectNow();
    await run();
    expect(client.connection.name).toBe('needs-sign-in');
    node.refuse(null);
    client.reconnectNow();
    await goLive();
  });

  it('says why it was refused', async () => {
    const { node, client, run } = setUpClient();
    node.refuse('workspace-not-found');
    client.start();
    await run();
    expect(client.connection).toEqual({ name: 'refused', code: 'workspace-not-found' });
    await expect(client.edit([edit(1, 1, 'x')])).rejects.toMatchObject({ code: 'workspace-not-found' });
  });

  it('leaves neither sockets nor timers behind when stopped', async () => {
    const { node, time, client, goLive, run } = setUpClient();
    client.start();
    await goLive();
    client.stop();
    expect([client.connection.name, node.lines, time.timers]).toEqual(['stopped', 0, 0]);
    client.start();
    await run();
    node.close(1006);
    client.stop();
    expect([client.connection.name, node.lines, time.timers]).toEqual(['stopped', 0, 0]);
  });

  it('reconnects at once when a person asks for it', async () => {
    const { node, client, goLive } = setUpClient();
    client.start();
    await goLive();
    node.close(1006);
    client.reconnectNow();
    expect(node.lines).toBe(1);
    await goLive();
  });

  it('R4.3 refreshes over HTTP without a connection, and says how old the data are', async () => {
    const { model, node, time, client, run, goLive } = setUpClient();
    client.start();
    await goLive();
    const lost = time.runtime.now();
    node.close(1006);
    node.commit([insert('F-1'), insert('F-2')]);
    node.publish();
    time.advance(100);
    expect([client.currentAt, client.store.size]).toEqual([lost, 0]);
    await client.refresh();
    expect([client.currentAt, client.store.size]).toEqual([lost + 100, 2]);
    time.advance(20_000);
    await run();
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
    expect(client.connection.name).toBe('live');
  });

  it('passes on where imports stand', async () => {
    const { node, client, goLive } = setUpClient();
    const seen: string[] = [];
    client.onImport((summary) => seen.push(summary.status));
    client.start();
    await goLive();
    const rows = { new: 0, updated: 0, unchanged: 0, rejected: 0, warned: 0 };
    const summary = {
      id: WORKSPACE,
      filename: 'a.csv',
      sizeBytes: 1,
      status: 'queued',
      rows,
      progress: 0,
      error: null,
    };
    const times = { createdAt: 'x', finishedAt: null, createdBy: 'a' };
    node.send(JSON.stringify({ type: 'import', import: { ...summary, ...times } }));
    expect(seen).toEqual(['queued']);
  });

  it('survives a socket that cannot be made and listeners that throw', async () => {
    const { node, time, client, errors, goLive } = setUpClient();
    client.onConnection(() => {
      throw new Error('listener');
    });
    const working = { ...node };
    const broken = createSyncClient({
      baseUrl: 'http://127.0.0.1:1/',
      workspace: WORKSPACE,
      client: { kind: 'cli', version: '1' },
      fetch: working.fetch,
      openSocket: () => {
        throw new Error('blocked');
      },
      runtime: time.runtime,
    });
    broken.start();
    expect(broken.connection.name).toBe('reconnecting');
    broken.stop();
    client.start();
    await goLive();
    expect(errors.every((error) => error.message === 'listener')).toBe(true);
    expect(errors.length).toBeGreaterThan(0);
  });
});
