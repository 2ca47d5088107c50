import type { EditItem, EditOutcome } from '@meldesync/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transaction } from '../test/arbitraries.ts';
import { bareRecords, createReferenceFeed, expectedRecords, type Intent } from '../test/reference-feed.ts';
import { createReferenceNode } from '../test/reference-node.ts';
import { createVirtualTime } from '../test/virtual-time.ts';
import { createSyncClient } from './client.ts';
import { SyncError } from './errors/sync-error.ts';

const WORKSPACE = '3f0c1b2a-9d8e-4c7b-a6f5-e4d3c2b1a098';

/** Lets everything run that waits for a promise. */
const settlePromises = async (): Promise<void> => {
  for (let i = 0; i < 60; i++) await Promise.resolve();
};

function setUp(random: () => number = () => 0.5) {
  const model = createReferenceFeed();
  const node = createReferenceNode(model);
  const time = createVirtualTime(random);
  const errors: Error[] = [];
  const client = createSyncClient({
    baseUrl: 'http://127.0.0.1:1',
    workspace: WORKSPACE,
    client: { kind: 'cli', version: '1' },
    fetch: node.fetch,
    openSocket: node.openSocket,
    runtime: time.runtime,
    onError: (error) => errors.push(error),
  });
  /** Lets messages, answers and pages come and go until nothing is left to do. */
  const run = async (): Promise<void> => {
    for (let i = 0; i < 30; i++) {
      node.deliver();
      await settlePromises();
    }
  };
  /** Runs until the client is live. */
  const goLive = async (): Promise<void> => {
    const isLive = (): boolean => client.connection.name === 'live';
    for (let i = 0; i < 40 && !isLive(); i++) {
      await run();
      if (!isLive()) time.advance(1000);
    }
    expect(client.connection.name).toBe('live');
  };
  return { model, node, time, client, errors, run, goLive };
}

const insert = (caseId: string): Intent => ({ op: 'insert', caseId, art: 'G', day: 1 });
const note = (text: string): Intent => ({ op: 'update', pick: 0, set: { note: text } });
const edit = (record: number, baseVersion: number, text: string): EditItem => ({
  record,
  baseVersion,
  set: { note: text },
});

describe('sync client', () => {
  it('R3.1 loads the workspace, then follows it', async () => {
    const { model, node, client, run, goLive } = setUp();
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
    const { client, node, time, run, goLive } = setUp();
    client.start();
    await goLive();
    time.advance(10_000);
    time.advance(12);
    node.deliver();
    await run();
    expect(client.connection).toEqual({ name: 'live', roundTripMs: 12 });
  });

  it('R4.1 R4.2 comes back after a cut and fetches only what it missed', async () => {
    const { model, node, time, client, run, goLive } = setUp();
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

  it('takes a silent connection for dead', async () => {
    const { node, time, client, goLive } = setUp();
    client.start();
    await goLive();
    time.advance(10_000 + 15_000);
    expect(client.connection.name).toBe('reconnecting');
    expect(node.lines).toBe(0);
  });

  it('reconnects when the server does not answer hello within 10 s', () => {
    const { node, time, client } = setUp();
    client.start();
    node.deliver(0);
    expect(node.received).toEqual({ hello: 1 });
    time.advance(10_000);
    expect(client.connection.name).toBe('reconnecting');
  });

  it('reconnects and reports without content when a message is malformed', async () => {
    const { node, client, errors, goLive } = setUp();
    client.start();
    await goLive();
    node.send('{"type":"subscribed","head":"F-10234"}');
    expect(client.connection.name).toBe('reconnecting');
    expect(errors.map((error) => error.message)).toEqual(['subscribed at "head"']);
  });

  it('reconnects at once when the server refuses to subscribe', async () => {
    const { node, client, run } = setUp();
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
    const { node, time, client, run, goLive } = setUp();
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
    const { node, client, run } = setUp();
    node.refuse('workspace-not-found');
    client.start();
    await run();
    expect(client.connection).toEqual({ name: 'refused', code: 'workspace-not-found' });
    await expect(client.edit([edit(1, 1, 'x')])).rejects.toMatchObject({ code: 'workspace-not-found' });
  });

  it('leaves neither sockets nor timers behind when stopped', async () => {
    const { node, time, client, goLive, run } = setUp();
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
    const { node, client, goLive } = setUp();
    client.start();
    await goLive();
    node.close(1006);
    client.reconnectNow();
    expect(node.lines).toBe(1);
    await goLive();
  });

  it('R4.3 refreshes over HTTP without a connection, and says how old the data are', async () => {
    const { model, node, time, client, run, goLive } = setUp();
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
    const { node, client, goLive } = setUp();
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
    const { node, time, client, errors, goLive } = setUp();
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

describe('edits of a sync client', () => {
  it('resolve once the store shows them', async () => {
    const { node, client, run, goLive } = setUp();
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
    const { node, client, run, goLive } = setUp();
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
    const { node, client, run, goLive } = setUp();
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
    const { model, node, client, run, goLive } = setUp();
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

  it('wait while offline and go out after the reconnect', async () => {
    const { node, client, run, goLive } = setUp();
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
    const { client, goLive } = setUp();
    await expect(client.edit([edit(1, 1, 'x')])).rejects.toBeInstanceOf(SyncError);
    client.start();
    await goLive();
    await expect(client.edit([])).rejects.toMatchObject({ code: 'invalid-field', retryable: false });
    client.stop();
    const waiting = setUp();
    waiting.client.start();
    const pending = waiting.client.edit([edit(1, 1, 'x')]);
    waiting.client.stop();
    await expect(pending).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });
});

describe('sync client against the model', () => {
  const count = fc.integer({ min: 1, max: 3 });
  const action = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('commit' as const), intents: transaction }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('publish' as const), count }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('deliver' as const), count }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('edit' as const),
        picks: fc.array(fc.nat(99), { minLength: 1, maxLength: 3 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 100, max: 12_000 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), count }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('trim' as const), keep: fc.nat(2) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom('repeat', 'cut', 'malformed', 'reconnect', 'refresh', 'back-up', 'restore'),
      }),
    },
  );

  it('R1.1 R2.4 R4.2 shows the state of the model and settles every edit, whatever breaks in between', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { maxLength: 60, size: 'max' }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        async (actions, randoms) => {
          const { model, node, time, client, run, goLive } = setUp(() => randoms.next().value ?? 0);
          const settled: Promise<unknown>[] = [];
          const submit = async (items: readonly EditItem[]): Promise<void> => {
            for (const outcome of await client.edit(items)) {
              if (outcome.outcome !== 'accepted') continue;
              accepted += 1;
              // After a restore versions may be lower; before it no old value is shown any more.
              if (model.epoch !== '00000000') continue;
              expect(client.store.get(outcome.record)?.version ?? outcome.version).toBeGreaterThanOrEqual(
                outcome.version,
              );
            }
          };
          client.start();
          for (const step of actions) {
            switch (step.do) {
              case 'commit':
                node.commit(step.intents);
                break;
              case 'publish':
                node.publish(step.count);
                break;
              case 'deliver':
                node.deliver(step.count);
                break;
              case 'edit': {
                const records = [...client.store.values()];
                const items = [...new Set(step.picks.map((pick) => records[pick % Math.max(1, records.length)]))]
                  .filter((record) => record !== undefined)
                  .map((record) => edit(record.id, record.version, 'mine'));
                if (items.length === 0) break;
                settled.push(submit(items));
                break;
              }
              case 'wait':
                time.advance(step.ms);
                break;
              case 'lose':
                node.loseFrames(step.count);
                break;
              case 'trim':
                model.trim(step.keep);
                break;
              case 'repeat':
                node.repeatFrames();
                break;
              case 'cut':
                node.close(1006);
                break;
              case 'malformed':
                node.send('{}');
                break;
              case 'reconnect':
                client.reconnectNow();
                break;
              case 'refresh':
                settled.push(client.refresh());
                break;
              case 'back-up':
                model.backUp();
                break;
              case 'restore':
                node.restore();
                break;
            }
            await settlePromises();
            expect(node.lines).toBeLessThanOrEqual(1);
          }
          node.publish();
          await goLive();
          // A lost last frame is seen with the next one.
          node.commit([insert('F-last')]);
          node.publish();
          await run();
          node.publish();
          await run();
          await goLive();
          await Promise.all(settled);
          expect(client.pendingEdits).toBe(0);
          expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
          client.stop();
          await settlePromises();
          expect([node.lines, time.timers]).toEqual([0, 0]);
        },
      ),
      { numRuns: 150 },
    );
    expect(accepted).toBeGreaterThan(0);
  });
});
