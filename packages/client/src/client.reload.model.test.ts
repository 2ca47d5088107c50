import type { RecordPatch } from '@meldesync/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transaction } from '../test/arbitraries.ts';
import { settlePromises, setUpClient } from '../test/client-setup.ts';
import { anyOf, happen } from '../test/happenings.ts';
import { createMemoryDisk } from '../test/memory-persistence.ts';
import { bareRecords, expectedRecords } from '../test/reference-feed.ts';
import type { SettledEdit } from './types/edits.ts';
import type { SyncClient } from './types/sync-client.ts';

describe('edits and the local copy over reloads', () => {
  const count = fc.integer({ min: 1, max: 3 });
  const set: fc.Arbitrary<RecordPatch> = fc
    .record({ done: fc.boolean(), assignee: fc.option(fc.constantFrom('u1', 'u2')) }, { requiredKeys: [] })
    .filter((patch) => Object.keys(patch).length > 0);
  const action = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('submit' as const),
        picks: fc.array(fc.nat(99), { minLength: 1, maxLength: 2 }),
        set,
      }),
    },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('deliver' as const), count }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('publish' as const), count }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('commit' as const), intents: transaction }) },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0, 100, 3_000, 20_000, 90_000) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('trim' as const), keep: fc.nat(2) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('sockets' as const), isBlocked: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('http' as const), isBlocked: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('network' as const), isOnline: fc.boolean() }) },
    { weight: 4, arbitrary: anyOf('reload', 'crash', 'cut', 'reconnect', 'lose-answer') },
  );

  it('R4.2 R4.4 carry each edit out exactly once or report why not, and end in the state of the model', async () => {
    const seen = { accepted: 0, conflict: 0, rejected: 0, resumed: 0, overHttp: 0, fromCopy: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { maxLength: 60, size: 'max' }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        async (actions, randoms) => {
          const disk = createMemoryDisk();
          let isOnline = true;
          const listeners = new Set<() => void>();
          const environment = {
            isOnline: () => isOnline,
            isVisible: () => true,
            onChange: (listener: () => void) => {
              listeners.add(listener);
              return () => listeners.delete(listener);
            },
          };
          const { model, node, time, makeClient, run, goLive } = setUpClient(() => randoms.next().value ?? 0, {
            environment,
          });
          node.commit(Array.from({ length: 4 }, () => ({ op: 'insert' as const, caseId: 'F-1', art: 'G', day: 1 })));
          node.publish();

          /** Every wish and what was heard of it: by the page that made it, or by a later one. */
          const heard = new Map<string, number>();
          let wishes = 0;
          const hear = (edits: readonly SettledEdit[]): void => {
            for (const { set, outcome } of edits) {
              seen[outcome.outcome] += 1;
              const wish = String(set.note);
              heard.set(wish, (heard.get(wish) ?? 0) + 1);
            }
          };
          let mounted = disk.mount();
          const open = (): SyncClient => {
            mounted = disk.mount();
            const client = makeClient(mounted);
            client.onResumed((edit) => {
              seen.resumed += 1;
              // Nothing here is refused as a whole.
              expect(edit.outcome).toBe('settled');
              if (edit.outcome === 'settled') hear(edit.edits);
            });
            client.start();
            return client;
          };
          let client = open();
          await goLive(client);

          const submit = async (picks: readonly number[], patch: RecordPatch): Promise<void> => {
            const visible = [...client.optimistic.values()];
            const records = new Set(picks.map((pick) => visible[pick % Math.max(1, visible.length)]));
            const intents = [...records].flatMap((record) => {
              if (!record) return [];
              const wish = `wish ${++wishes}`;
              return [{ seen: record, set: { ...patch, note: wish } }];
            });
            if (intents.length === 0) return;
            const page = client;
            try {
              const edits = await page.optimistic.submit(intents);
              if (page === client) hear(edits);
            } catch (error) {
              // The page was left; the next one goes on with the edit.
              expect(error).toMatchObject({ code: 'unavailable' });
            }
          };

          /** A page that crashes after it told of an edit, and before it has struck it off, leaves it to be told of again. */
          const untilWritten = async (): Promise<void> => {
            let writes: number;
            do {
              writes = disk.writes.edits;
              time.advance(0);
              await settlePromises();
            } while (disk.writes.edits !== writes);
          };

          for (const step of actions) {
            switch (step.do) {
              case 'submit':
                void submit(step.picks, step.set);
                break;
              case 'sockets':
                node.blockSockets(step.isBlocked);
                break;
              case 'http':
                node.blockHttp(step.isBlocked);
                break;
              case 'network':
                isOnline = step.isOnline;
                for (const listener of listeners) listener();
                break;
              case 'lose-answer':
                node.loseNextHttpAnswer();
                break;
              case 'crash':
              case 'reload': {
                // After a crash nothing more is written; a page that is left still finishes.
                if (step.do === 'crash') {
                  await untilWritten();
                  mounted.end();
                }
                const before = client;
                client = open();
                before.stop();
                break;
              }
              default:
                happen(step, { model, node, time }, client);
            }
            // What is to be done at once is done before the next thing happens.
            for (let i = 0; i < 3; i++) {
              await settlePromises();
              time.advance(0);
            }
            await settlePromises();
            await settlePromises();
            if (client.connection.name === 'manual') seen.overHttp += 1;
          }
          isOnline = true;
          node.blockSockets(false);
          node.blockHttp(false);
          for (const listener of listeners) listener();
          const isSettled = (): boolean => client.pendingEdits === 0 && client.connection.name === 'live';
          // An edit of what a snapshot lacks is in doubt for 10 s.
          for (let i = 0; i < 250 && !(i > 2 && isSettled()); i++) {
            node.publish();
            await goLive(client);
            await run();
            time.advance(100);
            await settlePromises();
          }
          time.advance(10);
          await settlePromises();

          expect(client.pendingEdits).toBe(0);
          expect([...disk.edits.keys()]).toEqual([]);
          for (let wish = 1; wish <= wishes; wish++) {
            const name = `wish ${wish}`;
            // Heard of by the page that made it, or by one that took it over.
            expect([name, heard.get(name) ?? 0]).toEqual([name, 1]);
          }
          for (const times of node.carriedOut.values()) expect(times).toBe(1);
          node.publish();
          await run();
          await goLive(client);
          expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));

          // The copy alone, without the service, is a state the workspace was in or is in.
          time.advance(40_000);
          await settlePromises();
          client.stop();
          await settlePromises();
          isOnline = false;
          client = open();
          await settlePromises();
          await settlePromises();
          if (client.store.size > 0) {
            seen.fromCopy += 1;
            expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
            expect(client.connection.name).toBe('offline');
          }
          client.stop();
          await settlePromises();
          expect([node.lines, time.timers]).toEqual([0, 0]);
        },
      ),
      { numRuns: 120 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
  });
});
