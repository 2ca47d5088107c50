import type { RecordPatch } from '@meldesync/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transaction } from '../test/arbitraries.ts';
import { settlePromises, setUpClient } from '../test/client-setup.ts';
import { anyOf, happen } from '../test/happenings.ts';
import { bareRecords, expectedRecords } from '../test/reference-feed.ts';
import { createCaseView } from './cases/case-view.ts';
import type { CaseQuery, CaseView } from './types/cases.ts';
import type { OptimisticRecords } from './types/edits.ts';
import type { AppliedChange, ClientRecord } from './types/records.ts';

const QUERY: CaseQuery = { text: '', filter: 'open', sort: { column: 'note', direction: 'asc' } };

/** One submitted intent, as the test remembers it. */
interface Pending {
  readonly record: number;
  readonly set: RecordPatch;
}

/** A copy that is kept by the changes alone. */
function mirror(records: OptimisticRecords) {
  const copy = new Map<number, ClientRecord>();
  const readAnew = (): void => {
    copy.clear();
    for (const record of records.values()) copy.set(record.id, record);
  };
  const apply = ({ change, before, after }: AppliedChange): void => {
    // Strictly what is shown: an incremental reader finds its row by it.
    expect(copy.get(change.record)).toBe(before);
    if (after) copy.set(change.record, after);
    else copy.delete(change.record);
  };
  readAnew();
  records.subscribe((changes) => (changes.length === 0 ? readAnew() : changes.forEach(apply)));
  return copy;
}

const rowsOf = (view: CaseView): string[] =>
  view
    .getSnapshot()
    .rows.map(({ key, status, genomic, clinical }) =>
      JSON.stringify([key, status, [...genomic, ...clinical].map(({ id, version, note }) => [id, version, note])]),
    );

describe('optimistic records against the model', () => {
  const count = fc.integer({ min: 1, max: 3 });
  const set = fc
    .record(
      {
        done: fc.boolean(),
        note: fc.option(fc.constantFrom('a', 'b', ' b ', '')),
        caseId: fc.option(fc.constantFrom('F-1', 'F-2')),
      },
      { requiredKeys: [] },
    )
    .filter((patch) => Object.keys(patch).length > 0);
  const pick = fc.nat(99);
  const action = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('submit' as const),
        edits: fc.array(fc.record({ pick, set }), { minLength: 1, maxLength: 3 }),
        seesNow: fc.boolean(),
      }),
    },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('deliver' as const), count }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('publish' as const), count }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('commit' as const), intents: transaction }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 100, max: 9_000 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('trim' as const), keep: fc.nat(2) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('lock' as const), pick }) },
    { weight: 3, arbitrary: anyOf('cut', 'reconnect', 'back-up', 'restore', 'unlock') },
  );

  it('R2.1 R2.4 show the confirmed state with what is pending over it, in order, and nothing else', async () => {
    const outcomes = { accepted: 0, conflict: 0, rejected: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { maxLength: 50, size: 'max' }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        async (actions, randoms) => {
          const { model, node, time, client, run, goLive, settleEdits } = setUpClient(() => randoms.next().value ?? 0);
          const { store, optimistic } = client;
          node.commit(Array.from({ length: 3 }, () => ({ op: 'insert' as const, caseId: 'F-1', art: 'G', day: 1 })));
          node.publish();
          client.start();
          await goLive();
          const copy = mirror(optimistic);
          const view = createCaseView(optimistic, QUERY);
          const pending = new Set<Pending>();
          const settled: Promise<void>[] = [];
          let lastSeen = [...optimistic.values()];

          const submit = async (edits: readonly (Pending & { readonly seen: ClientRecord })[]): Promise<void> => {
            const sent = optimistic.submit(edits.map(({ seen, set }) => ({ seen, set })));
            for (const edit of edits) pending.add(edit);
            const answers = await sent;
            for (const { outcome } of answers) outcomes[outcome.outcome] += 1;
            for (const edit of edits) pending.delete(edit);
          };
          const check = (): void => {
            for (const confirmed of store.values()) {
              const own = [...pending].filter(({ record }) => record === confirmed.id);
              const patch: RecordPatch = Object.assign({}, ...own.map(({ set }) => set));
              const shown = optimistic.get(confirmed.id);
              expect(shown).toEqual({ ...confirmed, ...patch });
              expect(optimistic.pendingOf(confirmed.id)).toEqual(own.length > 0 ? patch : undefined);
              if (own.length === 0) expect(shown).toBe(confirmed);
            }
            expect([...optimistic.values()]).toEqual(Array.from(store.values(), ({ id }) => optimistic.get(id)));
            expect(new Map(copy)).toEqual(new Map(Array.from(optimistic.values(), (record) => [record.id, record])));
            const fresh = createCaseView(optimistic, QUERY);
            expect(rowsOf(view)).toEqual(rowsOf(fresh));
            fresh.dispose();
          };

          for (const step of actions) {
            switch (step.do) {
              case 'submit': {
                // People decide on what they see, or saw a moment ago.
                const visible = step.seesNow ? [...optimistic.values()] : lastSeen;
                const edits = step.edits.flatMap(({ pick, set }) => {
                  const seen = visible[pick % Math.max(1, visible.length)];
                  return seen ? [{ seen, record: seen.id, set: stored(set) }] : [];
                });
                const unique = [...new Map(edits.map((edit) => [edit.record, edit])).values()];
                if (unique.length > 0) settled.push(submit(unique));
                lastSeen = [...optimistic.values()];
                break;
              }
              case 'lock':
                node.locks.take({ user: 'b', instance: 'b' }, [1 + (step.pick % 3)]);
                break;
              case 'unlock':
                for (const { lock } of node.locks.all) node.locks.end(lock, 'released');
                break;
              default:
                happen(step, { model, node, time }, client);
            }
            await settlePromises();
            check();
          }
          await settleEdits();
          for (let i = 0; i < 60 && optimistic.pendingCount > 0; i++) {
            node.publish();
            await goLive();
            await run();
          }
          await Promise.all(settled);
          expect([optimistic.pendingCount, client.pendingEdits, pending.size]).toEqual([0, 0, 0]);
          check();
          node.publish();
          await run();
          await goLive();
          expect(bareRecords(optimistic.values())).toEqual(expectedRecords(model));
          view.dispose();
          client.stop();
          await settlePromises();
          expect([node.lines, time.timers]).toEqual([0, 0]);
        },
      ),
      { numRuns: 120 },
    );
    // The run met every kind of answer.
    expect(Math.min(outcomes.accepted, outcomes.conflict, outcomes.rejected)).toBeGreaterThan(0);
  });

  it('R2.1 R2.5 accept one edit per version, and none that steps over a change nobody here had seen', async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ do: fc.constant('mine' as const), set, stepsBack: fc.nat(6) }) },
      { weight: 5, arbitrary: fc.constantFrom({ do: 'publish' as const }, { do: 'deliver' as const }) },
      { weight: 1, arbitrary: fc.constant({ do: 'theirs' as const }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
        const { model, node, client, run, goLive } = setUpClient();
        const { optimistic } = client;
        node.commit([{ op: 'insert', caseId: 'F-1', art: 'G', day: 1 }]);
        node.publish();
        client.start();
        await goLive();
        /** Versions other people made, and what this screen has shown. */
        const theirs: number[] = [];
        const shown = [...optimistic.values()];
        optimistic.subscribe((changes) => shown.push(...changes.flatMap(({ after }) => after ?? [])));
        const accepted: Promise<void>[] = [];
        /** The person may have the record before them as it was some changes ago, in an editor that is open. */
        const submit = async (set: RecordPatch, stepsBack: number): Promise<void> => {
          const seen = shown.at(-1 - stepsBack) ?? optimistic.get(1);
          if (!seen) return;
          const [edit] = await optimistic.submit([{ seen, set }]);
          if (edit?.outcome.outcome !== 'accepted') return;
          const { version } = edit.outcome;
          const between = theirs.filter((made) => made > seen.version && made < version);
          expect(between).toEqual([]);
        };
        for (const action of steps) {
          if (action.do === 'mine') accepted.push(submit(action.set, action.stepsBack));
          else if (action.do === 'publish') node.publish();
          else if (action.do === 'deliver') node.deliver(3);
          else {
            node.commit([{ op: 'update', pick: 0, set: { assignee: `u${theirs.length}` } }]);
            theirs.push(model.records.get(1)?.version ?? 0);
          }
          await settlePromises();
        }
        for (let i = 0; i < 60 && optimistic.pendingCount > 0; i++) {
          node.publish();
          await run();
        }
        await Promise.all(accepted);
        client.stop();
      }),
      { numRuns: 150 },
    );
  });
});

/** The patch as it is stored: texts trimmed, an empty one null. */
function stored(set: RecordPatch): RecordPatch {
  return 'note' in set ? { ...set, note: set.note?.trim() || null } : set;
}
