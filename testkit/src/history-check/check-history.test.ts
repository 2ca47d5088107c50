import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHistory } from './check-history.ts';
import type { Dump, DumpedChange } from './dump.ts';
import type { FindingKind } from './finding.ts';
import { type EventOf, type HistoryEvent, type HistoryKind, parseHistory } from './history-event.ts';
import { HistoryModel, type Step } from './testing/history-model.ts';

const RUNS = Number(process.env['FC_RUNS'] ?? 100);

const step: fc.Arbitrary<Step> = fc.record({
  by: fc.nat(10),
  record: fc.nat(10),
  field: fc.constantFrom('caseId' as const, 'note' as const, 'done' as const),
  value: fc.nat(5),
  act: fc.constantFrom('edit', 'edit', 'edit-stale', 'sql', 'read', 'lock', 'import', 'reconnect'),
});

function run(steps: readonly Step[]): HistoryModel {
  const model = new HistoryModel();
  for (const one of steps) model.act(one);
  model.end();
  return model;
}

it('finds nothing in a history without a fault', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { events, dump } = run(steps);
      expect(checkHistory(events, dump).findings).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

it('reads what was written, in the order of time, from the lines of several histories', () => {
  const { events } = run(SCRIPT);
  const lines = events.toReversed().map((event) => `${JSON.stringify(event)}\n`);
  expect(parseHistory(lines.join(''))).toEqual(events);
});

/** One of everything, always the same. */
const SCRIPT: readonly Step[] = [
  { by: 0, record: 0, field: 'note', value: 1, act: 'edit' },
  { by: 0, record: 0, field: 'caseId', value: 2, act: 'edit' },
  { by: 1, record: 0, field: 'note', value: 3, act: 'edit-stale' },
  { by: 1, record: 0, field: 'note', value: 3, act: 'edit' },
  { by: 0, record: 1, field: 'note', value: 4, act: 'sql' },
  { by: 2, record: 1, field: 'note', value: 0, act: 'lock' },
  { by: 0, record: 0, field: 'note', value: 0, act: 'import' },
  { by: 2, record: 0, field: 'note', value: 0, act: 'read' },
];

/** A history and a dump that a fault may be planted in. */
interface Plot {
  events: HistoryEvent[];
  dump: { records: Dump['records'][number][]; changes: DumpedChange[]; conflicts: Dump['conflicts'][number][] };
}

/** The n-th event of a kind, to be changed. */
function nth<Kind extends HistoryKind>({ events }: Plot, kind: Kind, n = 0): Mutable<EventOf<Kind>> {
  const found = events.filter((event) => event.kind === kind)[n];
  if (!found) throw new Error(`the script has no ${kind} ${n}`);
  return found as Mutable<EventOf<Kind>>;
}
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function drop({ events }: Plot, event: HistoryEvent): void {
  events.splice(events.indexOf(event), 1);
}

/** Puts a copy of an event right behind it. */
function double({ events }: Plot, event: HistoryEvent): void {
  events.splice(events.indexOf(event) + 1, 0, structuredClone(event));
}

function rowOf({ dump }: Plot, record: number, version: number): Mutable<DumpedChange> {
  const found = dump.changes.find((change) => change.record === record && change.version === version);
  if (!found) throw new Error(`the script has no ${record}@${version}`);
  return found;
}

/** What cem, who only looks, is shown in the end: 1@2, 1@3, 1@4, 2@2 and the imported record. */
const appliedByCem = (plot: Plot, n: number): Mutable<EventOf<'applied'>> => {
  const found = plot.events.filter((event) => event.kind === 'applied' && event.who === 'cem')[n];
  if (found?.kind !== 'applied') throw new Error(`cem is shown nothing ${n}`);
  return found;
};

const PLANTED: readonly { readonly fault: string; readonly kind: FindingKind; readonly plant: (plot: Plot) => void }[] =
  [
    { fault: 'drop: a committed change vanishes', kind: 'lost', plant: (plot) => void plot.dump.changes.splice(4, 3) },
    { fault: 'drop: an answer', kind: 'lost', plant: (plot) => drop(plot, nth(plot, 'edit-answered')) },
    {
      fault: 'drop: the last change on a screen',
      kind: 'lost',
      plant: (plot) => {
        const showed = plot.events.find((event) => event.kind === 'showed' && event.who === 'cem');
        if (showed?.kind === 'showed')
          showed.records = showed.records.map((record) => (record.id === 1 ? { ...record, version: 3 } : record));
      },
    },
    { fault: 'drop: a frame on a screen', kind: 'version-gap', plant: (plot) => drop(plot, appliedByCem(plot, 1)) },
    {
      fault: 'drop: a frame that a screen jumps over',
      kind: 'version-gap',
      plant: (plot) => {
        const next = appliedByCem(plot, 2);
        const dropped = appliedByCem(plot, 1);
        Object.assign(next, { from: dropped.from, content: { ...next.content, caseId: null } });
        drop(plot, dropped);
      },
    },
    {
      fault: 'drop: a version in Postgres',
      kind: 'version-gap',
      plant: (plot) => void plot.dump.changes.splice(plot.dump.changes.indexOf(rowOf(plot, 1, 3)), 1),
    },
    {
      fault: 'drop: a record from a snapshot',
      kind: 'lost',
      plant: (plot) => {
        const copy = structuredClone(nth(plot, 'snapshot', 2));
        copy.records = copy.records.slice(1);
        plot.events.splice(plot.events.indexOf(nth(plot, 'snapshot', 2)) + 1, 0, copy);
      },
    },
    {
      fault: 'drop: a row of an import',
      kind: 'lost',
      plant: (plot) => nth(plot, 'import-sent').vorgangsnummern.push('x'),
    },
    {
      fault: 'double: a frame on a screen',
      kind: 'duplicated',
      plant: (plot) => {
        const first = appliedByCem(plot, 0);
        double(plot, first);
        Object.assign(plot.events[plot.events.indexOf(first) + 1] ?? {}, { from: first.to, changed: [] });
      },
    },
    { fault: 'double: an answer', kind: 'duplicated', plant: (plot) => double(plot, nth(plot, 'edit-answered')) },
    {
      fault: 'double: an edit carried out twice',
      kind: 'duplicated',
      plant: (plot) => {
        rowOf(plot, 1, 3).operation = rowOf(plot, 1, 2).operation;
      },
    },
    {
      fault: 'double: a version in Postgres',
      kind: 'duplicated',
      plant: (plot) => void plot.dump.changes.push({ ...rowOf(plot, 1, 4), id: 99 }),
    },
    {
      fault: 'swap: two frames on a screen',
      kind: 'reordered',
      plant: (plot) => {
        const [a, b] = [appliedByCem(plot, 0), appliedByCem(plot, 1)];
        const { monoMs, wallMs } = a;
        Object.assign(a, { monoMs: b.monoMs, wallMs: b.wallMs, from: b.to });
        Object.assign(b, { monoMs, wallMs, from: 1 });
      },
    },
    {
      fault: 'swap: two rows of the audit trail',
      kind: 'reordered',
      plant: (plot) => {
        const [a, b] = [rowOf(plot, 1, 2), rowOf(plot, 1, 3)];
        [a.id, b.id] = [b.id, a.id];
      },
    },
    {
      fault: 'swap: an old snapshot',
      kind: 'reordered',
      plant: (plot) => {
        const old = nth(plot, 'snapshot', 2);
        const late = nth(plot, 'showed', 2);
        plot.events.push({ ...structuredClone(old), monoMs: late.monoMs - 1, wallMs: late.wallMs - 1 });
      },
    },
    {
      fault: 'stale: an edit accepted on an old version',
      kind: 'stale-base',
      plant: (plot) => {
        const item = nth(plot, 'edit-sent', 3).items[0];
        if (item) item.base = 2;
      },
    },
    {
      fault: 'stale: a screen that says it is live',
      kind: 'stale-untold',
      plant: (plot) => {
        const late = plot.events.filter(({ monoMs }) => monoMs >= appliedByCem(plot, 0).monoMs);
        for (const event of late)
          Object.assign(event, { monoMs: event.monoMs + 60_000, wallMs: event.wallMs + 60_000 });
      },
    },
    {
      fault: 'forge: the author of a change in Postgres',
      kind: 'wrong-actor',
      plant: (plot) => {
        rowOf(plot, 1, 2).actor = 'user:ben';
      },
    },
    {
      fault: 'forge: a person for a change by SQL',
      kind: 'wrong-actor',
      plant: (plot) => {
        rowOf(plot, 2, 2).actor = 'user:ben';
      },
    },
    {
      fault: 'forge: the author on a screen',
      kind: 'wrong-actor',
      plant: (plot) => {
        appliedByCem(plot, 0).by = 'user:ben';
      },
    },
    {
      fault: 'forge: the author of an import',
      kind: 'wrong-actor',
      plant: (plot) => {
        nth(plot, 'began', 4).actor = 'user:ben';
      },
    },
    {
      fault: 'forge: a value on a screen',
      kind: 'differing',
      plant: (plot) => {
        appliedByCem(plot, 0).content = { ...appliedByCem(plot, 0).content, note: 'forged' };
      },
    },
    {
      fault: 'forge: a value in the end',
      kind: 'differing',
      plant: (plot) => {
        const record = nth(plot, 'showed').records[0];
        if (record) record.content = { ...record.content, note: 'forged' };
      },
    },
    {
      fault: 'forge: a value in Postgres past the triggers',
      kind: 'differing',
      plant: (plot) => {
        const row = plot.dump.records[0];
        if (row) row.content = { ...row.content, note: 'forged' };
      },
    },
    {
      fault: 'forge: a version that never was',
      kind: 'differing',
      plant: (plot) => {
        appliedByCem(plot, 2).to = 77;
      },
    },
    {
      fault: 'forge: the counts of an import',
      kind: 'differing',
      plant: (plot) => {
        nth(plot, 'import-ended').rowsNew = 2;
      },
    },
    {
      fault: 'forge: an edit accepted that set nothing',
      kind: 'differing',
      plant: (plot) => {
        const item = nth(plot, 'edit-sent').items[0];
        if (item) item.set = { note: 'something else' };
      },
    },
    ...(
      [
        ['base', 'forged'],
        ['current', 'forged'],
        ['attempted', 'forged'],
        ['changed', { by: 'user:cem', version: 2 }],
      ] as const
    ).map(([part, value]) => ({
      fault: `forge: ${part} of a conflict`,
      kind: 'conflict-untrue' as const,
      plant: (plot: Plot) => {
        const shown = nth(plot, 'conflict-shown');
        shown.fields = shown.fields.map((field) => ({ ...field, [part]: value }));
        for (const row of plot.dump.conflicts) Object.assign(row, { fields: structuredClone(shown.fields) });
      },
    })),
    {
      fault: 'forge: whether a conflict overlaps',
      kind: 'conflict-untrue',
      plant: (plot) => {
        const shown = nth(plot, 'conflict-shown');
        shown.overlaps = !shown.overlaps;
        for (const row of plot.dump.conflicts) Object.assign(row, { overlaps: shown.overlaps });
      },
    },
    {
      fault: 'drop: a conflict on record',
      kind: 'conflict-untrue',
      plant: (plot) => void plot.dump.conflicts.splice(0),
    },
    {
      fault: 'drop: a conflict that is never shown',
      kind: 'conflict-untrue',
      plant: (plot) => drop(plot, nth(plot, 'conflict-shown')),
    },
    {
      fault: 'double: a lock',
      kind: 'lock-shared',
      plant: (plot) => {
        const refused = nth(plot, 'lock-refused');
        const { who, monoMs, wallMs, records } = refused;
        plot.events.splice(plot.events.indexOf(refused), 1, {
          who,
          monoMs,
          wallMs,
          kind: 'lock-granted',
          lock: 'other',
          records,
        });
      },
    },
    {
      fault: 'stale: a lock that was given back keeps others out',
      kind: 'lock-kept',
      plant: (plot) => {
        const ended = nth(plot, 'lock-ended');
        const refused = nth(plot, 'lock-refused');
        plot.events.push({
          ...refused,
          askedMonoMs: ended.monoMs + 1,
          monoMs: ended.monoMs + 2,
          wallMs: ended.wallMs + 2,
        });
      },
    },
  ];

describe('finds what is planted', () => {
  it.each(PLANTED)('$fault ($kind)', ({ kind, plant }) => {
    const { events, dump } = run(SCRIPT);
    expect(checkHistory(events, dump).findings).toEqual([]);
    const plot = structuredClone({ events, dump }) as Plot;
    plant(plot);
    const found = checkHistory(plot.events, plot.dump).findings;
    expect(found.map((one) => one.kind)).toContain(kind);
    const [first] = found.filter((one) => one.kind === kind);
    expect((first?.events.length ?? 0) + (first?.rows.length ?? 0)).toBeGreaterThan(0);
  });
});
