import type { Dump, DumpedChange } from './dump.ts';
import { groupBy } from './group-by.ts';
import type { ShownRecord, Values } from './history-event.ts';

/** What a record was at one of its versions, by the audit trail. */
interface State {
  readonly change: DumpedChange;
  /** Undefined once it is deleted. */
  readonly content: Values | undefined;
}

/** What really happened, by what Postgres holds in the end. */
export interface Truth {
  readonly dump: Dump;
  readonly records: ReadonlyMap<number, ShownRecord>;
  /** The changes of each record in the order of versions. */
  readonly changesOf: ReadonlyMap<number, readonly DumpedChange[]>;
  /** Undefined for a version that was never committed. */
  state(record: number, version: number): State | undefined;
  /** The newest version of a record, 0 for none. */
  latest(record: number): number;
  /** The changes that an operation made of a record. */
  madeBy(operation: string, record: number): readonly DumpedChange[];
}

/** Puts the audit trail together to what each record was at each version. */
export function readTruth(dump: Dump): Truth {
  const changesOf = groupBy(
    dump.changes.toSorted((a, b) => a.version - b.version),
    ({ record }) => record,
  );
  const states = new Map<string, State>();
  for (const [record, changes] of changesOf) {
    let content: Values | undefined;
    for (const change of changes) {
      content = change.op === 'delete' ? undefined : { ...content, ...change.after };
      states.set(`${record}@${change.version}`, { change, content });
    }
  }
  const made = groupBy(
    dump.changes.filter(({ operation }) => operation !== null),
    ({ operation, record }) => `${operation}:${record}`,
  );
  return {
    dump,
    records: new Map(dump.records.map((record) => [record.id, record])),
    changesOf,
    state: (record, version) => states.get(`${record}@${version}`),
    latest: (record) => changesOf.get(record)?.at(-1)?.version ?? 0,
    madeBy: (operation, record) => made.get(`${operation}:${record}`) ?? [],
  };
}

/** The fields of `wanted` in which `held` says something else. */
export function fieldsThatDiffer(wanted: Values, held: Values | undefined): string[] {
  return Object.keys(wanted).filter((field) => held?.[field] !== wanted[field]);
}
