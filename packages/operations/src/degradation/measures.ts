import type { LevelCause, OperationsLevel, ServiceLevel } from '@meldesync/protocol';

type Unit = NonNullable<OperationsLevel['reasons'][number]['unit']>;

/** Well below a limit: by this factor. Between the two the level stays what it was. */
const WELL_BELOW = 0.6;
/** Memory seldom falls far: what a process has used once it keeps for a while. */
const WELL_BELOW_MEMORY = 0.95;

/** What the level follows, how a person is told of it, and by which factor a value must be below its limit to count as well below. */
export const MEASURES = {
  /** 95th percentile over the last 10 s, of changes until clients have them and of edits until they are answered: the worse. */
  latencyMs: { cause: 'latency', unit: 'ms', margin: WELL_BELOW },
  /** How old what the nodes hear is. */
  feedSeconds: { cause: 'feed-lag', unit: 's', margin: WELL_BELOW },
  /** How much of Postgres' log the nodes have not been told of. */
  feedBytes: { cause: 'feed-lag', unit: 'By', margin: WELL_BELOW },
  /** Which share of the edits of the last 10 s failed, for no fault of who sent them. */
  errorShare: { cause: 'errors', unit: '1', margin: WELL_BELOW },
  /** Memory of the process that has least left, as a share of what it may have. */
  memoryShare: { cause: 'memory', unit: '1', margin: WELL_BELOW_MEMORY },
  /** Requests that wait for a connection to Postgres, at the process where most do. */
  poolWaiting: { cause: 'pool', unit: '1', margin: WELL_BELOW },
} as const satisfies Record<string, { readonly cause: LevelCause; readonly unit: Unit; readonly margin: number }>;

export type Measure = keyof typeof MEASURES;
export const MEASURE_NAMES = Object.keys(MEASURES) as Measure[];

/** What is measured of the cluster now; null where nothing is known. */
export type Measured = Readonly<Record<Measure, number | null>>;

/** Levels at which work is saved, the least first. */
export const SAVING_LEVELS = ['reduced', 'minimal', 'manual'] as const satisfies readonly ServiceLevel[];
export type SavingLevel = (typeof SAVING_LEVELS)[number];

/** From which values on a level is called for; ascending. */
export type MeasureLimits = Readonly<Record<SavingLevel, number>>;

/** When the level changes. */
export interface DegradationLimits {
  readonly limits: Readonly<Record<Measure, MeasureLimits>>;
  /** For so long a value must be at its limit before the level rises. */
  readonly afterMs: number;
  /** For so long all values must be well below the limits of the level before it falls, one step. */
  readonly backMs: number;
}
