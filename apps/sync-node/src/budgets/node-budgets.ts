import type { NodeRuntime } from '../runtime.ts';
import { FairGate } from './fair-gate.ts';

type GateRuntime = Pick<NodeRuntime, 'monotonicMs' | 'after' | 'sleep'>;

/** What is done for one is bounded by what it costs, so that others do not wait for it. */
export interface NodeBudgets {
  /** Reads of Postgres over HTTP, by person: two at a time, and of all together half of the connections. */
  readonly reads: FairGate;
  /** Frames and checksums, by person: they are made once for all who ask, so that many may wait for one. */
  readonly shared: FairGate;
  /** Everything else that is asked for over HTTP, by person. */
  readonly acts: FairGate;
  /** Edits, by person: one person leaves connections to the others. */
  readonly edits: FairGate;
  /** Edits of many records, by person, before `edits`: one at a time, since Postgres and every screen are busy with each for long. */
  readonly bulkEdits: FairGate;
  /** Requests of who is not signed in, by address. */
  readonly strangers: FairGate;
  /** How this node is, asked by whoever: a balancer must not wait behind the pages that others open from where it stands. */
  readonly health: FairGate;
}

/** Milliseconds of reads that one may use at once, and in a second after that. */
const READING = { burst: 1_500, perSecond: 200 };
/** What every read costs: to find out who asks, and what they may. */
const LEAST_READ_MS = 5;
/** What a small read takes while a node has much to do, for which nobody is to pay. */
const FREE_READ_MS = 20;
/** So many requests that change something at once, and in a second after that: each is asked for whose it is. */
const ACTS = { burst: 1_000, perSecond: 200 };
/** Records that one may edit at once, and in a second after that: each change goes to every screen. */
const EDITING = { burst: 2_000, perSecond: 250 };
/** An edit of so many records is one of many. */
const BULK_RECORDS = 10;
/** A whole hospital may open the page at the beginning of a shift, from one address. */
const STRANGERS = { burst: 2_000, perSecond: 200 };
const HEALTH = { burst: 100, perSecond: 20 };
/** Less than a browser or a terminal waits for an answer. */
const WAIT_MS = 4_000;

/** What a read costs that took so many milliseconds. */
export function costOfRead(tookMs: number): number {
  return LEAST_READ_MS + Math.max(0, tookMs - FREE_READ_MS);
}

/** Whether an edit of so many records takes its turn among the `bulkEdits` of its person. */
export function isBulkEdit(records: number): boolean {
  return records >= BULK_RECORDS;
}

/** The budgets of a node with so many connections to Postgres. */
export function createBudgets(connections: number, runtime: GateRuntime): NodeBudgets {
  const waits = { waiting: 32, waitMs: WAIT_MS };
  const byCount = { ...waits, atOnce: Number.POSITIVE_INFINITY, each: 64, costOf: () => 1 };
  return {
    reads: new FairGate(
      { ...waits, atOnce: Math.max(1, Math.floor(connections / 2)), each: 2, allowance: READING, costOf: costOfRead },
      runtime,
    ),
    shared: new FairGate(
      { ...waits, atOnce: Number.POSITIVE_INFINITY, each: 4, allowance: READING, costOf: costOfRead },
      runtime,
    ),
    acts: new FairGate({ ...byCount, allowance: ACTS }, runtime),
    edits: new FairGate(
      {
        atOnce: Number.POSITIVE_INFINITY,
        each: Math.max(1, Math.floor(connections / 4)),
        waiting: 1_000,
        waitMs: WAIT_MS,
        allowance: EDITING,
        costOf: () => 1,
      },
      runtime,
    ),
    bulkEdits: new FairGate(
      {
        atOnce: Math.max(1, Math.floor(connections / 4)),
        each: 1,
        waiting: 1_000,
        waitMs: WAIT_MS,
        allowance: EDITING,
        // The records are counted by `edits`.
        costOf: () => 0,
      },
      runtime,
    ),
    strangers: new FairGate({ ...byCount, allowance: STRANGERS }, runtime),
    health: new FairGate({ ...byCount, allowance: HEALTH }, runtime),
  };
}
