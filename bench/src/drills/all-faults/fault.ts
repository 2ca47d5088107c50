import type { Stage, StageWorkspace } from './stage.ts';

/** What a fault has to work with. */
export interface FaultScene {
  readonly stage: Stage;
  readonly workspace: StageWorkspace;
  /** Ends the run. */
  readonly signal: AbortSignal;
}

/** Mends what was broken; resolves when that is done, whatever the parts then still have to do. */
type Mend = () => Promise<void> | void;

export interface Fault {
  readonly name: string;
  /** What is done, for the table. */
  readonly what: string;
  /** How long it lasts. */
  readonly seconds: number;
  readonly start: (scene: FaultScene) => Promise<Mend>;
  /** Postgres must be on a small disk of its own, which not every machine lets us have. */
  readonly needsSmallDisk?: boolean;
  /** Afterwards the stage is of no use for another fault. */
  readonly spoils?: boolean;
}
