import type { FaultProxy } from '@meldesync/testkit';
import type { BenchContext } from '../context.ts';
import type { Remote } from '../processes/remote.ts';
import type { Meldesync, MeldesyncOptions } from '../systems/meldesync.ts';
import type { DrillClientProcess } from './clients/drill-client-process.ts';
import type { Check } from './drill-report.ts';
import type { Phases } from './phases.ts';

/** A process with clients. */
export type Clients = Remote<DrillClientProcess>;

/** What a person may choose. */
export interface DrillOptions {
  /** Clients that watch, besides those that edit. */
  readonly clients: number;
  /** Edits a second. */
  readonly rate: number;
  /** How long the fault lasts. */
  readonly seconds: number;
  /** How long everything is left alone before the fault. */
  readonly before: number;
  /** How long everything is left alone after the recovery. */
  readonly after: number;
}

/** What a fault has to work with. */
export interface Scene {
  readonly context: BenchContext;
  readonly system: Meldesync;
  /** The process with the clients that the fault hits, if it hits some by themselves. */
  readonly victims: Clients | undefined;
  /** The wires between the victims and the nodes. */
  readonly lines: readonly FaultProxy[];
  readonly seconds: number;
  /** Records that nobody edits: for a fault to change. */
  readonly spareRecords: readonly number[];
  /** Tells of something that must hold besides, with whether it did. */
  readonly report: (check: Check) => void;
  /** Resolves when every client that the fault does not hit by itself has what Postgres has now. */
  readonly othersCurrent: () => Promise<void>;
}

/** What was found, for checks of a drill's own. */
interface Findings {
  /** Snapshots that victims took after their first one. */
  readonly victimSnapshots: number;
  readonly phases: Phases;
}

export interface Drill {
  readonly name: string;
  readonly options: DrillOptions;
  readonly system?: Partial<MeldesyncOptions>;
  /** How many of the clients the fault hits by themselves, and over how many lines; none where it hits servers. */
  readonly victims?: (clients: number) => { readonly clients: number; readonly lines: number };
  /** Characters of each note. */
  readonly noteLength?: number;
  /** Breaks something and mends it; resolves when it is mended. */
  readonly fault: (scene: Scene) => Promise<void>;
  readonly checks?: (findings: Findings) => Check[];
}
