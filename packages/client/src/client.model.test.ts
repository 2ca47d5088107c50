import type { EditItem } from '@meldesync/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transaction } from '../test/arbitraries.ts';
import { settlePromises, setUpClient } from '../test/client-setup.ts';
import { anyOf, happen } from '../test/happenings.ts';
import { insert } from '../test/intents.ts';
import { bareRecords, expectedRecords } from '../test/reference-feed.ts';

const edit = (record: number, baseVersion: number, text: string): EditItem => ({
  record,
  baseVersion,
  set: { note: text },
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
      arbitrary: anyOf('repeat', 'cut', 'malformed', 'reconnect', 'refresh', 'back-up', 'restore'),
    },
  );

  it('R1.1 R2.4 R3.5 R4.2 shows the state of the model and settles every edit, whatever breaks in between', async () => {
    let accepted = 0;
    let fetched = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { maxLength: 60, size: 'max' }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        fc.constantFrom(1, 3, Number.POSITIVE_INFINITY),
        async (actions, randoms, rangesAbove) => {
          const { model, node, time, client, run, goLive, settleEdits } = setUpClient(() => randoms.next().value ?? 0);
          node.rangesAbove(rangesAbove);
          client.onConnection(() => (fetched += client.fetching > 0 ? 1 : 0));
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
              case 'edit': {
                const records = [...client.store.values()];
                const items = [...new Set(step.picks.map((pick) => records[pick % Math.max(1, records.length)]))]
                  .filter((record) => record !== undefined)
                  .map((record) => edit(record.id, record.version, 'mine'));
                if (items.length === 0) break;
                settled.push(submit(items));
                break;
              }
              case 'lose':
                node.loseFrames(step.count);
                break;
              case 'repeat':
                node.repeatFrames();
                break;
              case 'malformed':
                node.send('{}');
                break;
              case 'refresh':
                settled.push(client.refresh());
                break;
              default:
                happen(step, { model, node, time }, client);
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
          await settleEdits();
          await Promise.all(settled);
          expect([client.pendingEdits, client.fetching]).toEqual([0, 0]);
          expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
          client.stop();
          await settlePromises();
          expect([node.lines, time.timers]).toEqual([0, 0]);
        },
      ),
      { numRuns: 150 },
    );
    expect(accepted).toBeGreaterThan(0);
    expect(fetched).toBeGreaterThan(0);
  });
});
