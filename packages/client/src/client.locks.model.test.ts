import type { EndedLock } from '@meldesync/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settlePromises, setUpClient } from '../test/client-setup.ts';
import { anyOf, happen } from '../test/happenings.ts';
import { SyncError } from './errors/sync-error.ts';
import type { HeldLock } from './types/locks.ts';

const OTHER = { user: 'b', instance: 'instance-of-b' };

/** A hold on a lock as the test follows it. */
interface Hold {
  readonly held: HeldLock;
  readonly ends: EndedLock[];
  isReleased: boolean;
}

describe('locks and presence of a sync client against the model', () => {
  const records = fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });
  const pick = fc.nat(99);
  const action = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('lock', 'other-locks', 'attend'), records }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('release', 'take-away', 'end'), pick }) },
    { weight: 8, arbitrary: fc.record({ do: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 3 }) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('wait' as const),
        // After the longer ones no lock is left: the client was not heard of meanwhile.
        ms: fc.oneof(
          { weight: 5, arbitrary: fc.integer({ min: 100, max: 2_000 }) },
          { weight: 1, arbitrary: fc.integer({ min: 2_000, max: 16_000 }) },
        ),
      }),
    },
    {
      weight: 4,
      arbitrary: anyOf('cut', 'reconnect', 'expire', 'other-leaves', 'lose-answers', 'no-locks', 'locks-again'),
    },
  );

  it('R1.4 R2.3 agree with the server in the end, and every lock that was lost was said to be, once', async () => {
    const seen = { granted: 0, held: 0, lost: 0, kept: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { maxLength: 60, size: 'max' }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        async (actions, randoms) => {
          const { model, node, time, client, run, goLive } = setUpClient(() => randoms.next().value ?? 0);
          const holds: Hold[] = [];
          const asked: Promise<void>[] = [];
          const live = (): Hold[] => holds.filter(({ isReleased, ends }) => !isReleased && ends.length === 0);
          let attending: readonly number[] = [];

          const lock = async (wanted: readonly number[]): Promise<void> => {
            try {
              const answer = await client.lock(wanted);
              seen[answer.outcome] += 1;
              if (answer.outcome === 'held') return;
              const hold: Hold = { held: answer.lock, ends: [], isReleased: false };
              expect(wanted.every((record) => answer.lock.records.includes(record))).toBe(true);
              answer.lock.onLost((end) => hold.ends.push(end));
              holds.push(hold);
            } catch (error) {
              expect(error).toBeInstanceOf(SyncError);
            }
          };
          const release = (hold: Hold): void => {
            hold.isReleased = true;
            asked.push(hold.held.release());
          };
          const end = async (id: string): Promise<void> => {
            try {
              await client.endLock(id);
            } catch (error) {
              expect(error).toBeInstanceOf(SyncError);
            }
          };

          client.start();
          for (const step of actions) {
            switch (step.do) {
              case 'lock':
                asked.push(lock(step.records));
                break;
              case 'other-locks':
                node.locks.take(OTHER, step.records);
                break;
              case 'attend':
                attending = [...step.records].sort((a, b) => a - b);
                client.attend(step.records);
                break;
              case 'release': {
                const hold = live()[step.pick % Math.max(1, live().length)];
                if (hold) release(hold);
                break;
              }
              case 'take-away': {
                const taken = node.locks.all[step.pick % Math.max(1, node.locks.all.length)];
                if (taken) node.locks.end(taken.lock, 'taken-away', 'user:c');
                break;
              }
              case 'end': {
                const known = [...client.locks.values()];
                const ended = known[step.pick % Math.max(1, known.length)];
                if (ended) asked.push(end(ended.lock));
                break;
              }
              case 'expire':
                node.locks.expireOrphans();
                break;
              case 'other-leaves':
                for (const { lock, user } of node.locks.all) if (user === 'b') node.locks.end(lock, 'released');
                break;
              case 'lose-answers':
                node.loseAnswers();
                break;
              case 'no-locks':
                node.refuseLocks('locks-unavailable');
                break;
              case 'locks-again':
                node.refuseLocks(null);
                break;
              default:
                happen(step, { model, node, time }, client);
            }
            await settlePromises();
            for (const { ends } of holds) expect(ends.length).toBeLessThanOrEqual(1);
            if (client.connection.name !== 'live' && node.lines === 0) {
              expect([[...client.locks.values()], client.presence.getSnapshot().total]).toEqual([[], 0]);
            }
          }
          node.refuseLocks(null);
          await goLive();
          await run();
          // Answers that were lost come to an end, and what was refused is asked again.
          for (let i = 0; i < 4; i++) {
            time.advance(4_000);
            await run();
          }
          await goLive();
          await run();
          await Promise.all(asked);

          const ours = node.locks.all.filter(({ instance }) => instance === client.instance).map(({ lock }) => lock);
          expect([...new Set(live().map(({ held }) => held.lock))].sort()).toEqual(ours.sort());
          expect(Array.from(client.locks.values(), ({ lock }) => lock).sort()).toEqual(
            node.locks.all.map(({ lock }) => lock).sort(),
          );
          expect(client.presence.getSnapshot().people[0]?.records ?? []).toEqual(attending);
          seen.kept += live().length;
          seen.lost += holds.filter(({ ends }) => ends.length > 0).length;
          for (const hold of live()) release(hold);
          await run();
          await Promise.all(asked);
          expect(node.locks.all.filter(({ instance }) => instance === client.instance)).toEqual([]);
          client.stop();
          expect([node.lines, time.timers]).toEqual([0, 0]);
        },
      ),
      { numRuns: 300 },
    );
    expect(Math.min(seen.granted, seen.held, seen.lost, seen.kept)).toBeGreaterThan(0);
  });
});
