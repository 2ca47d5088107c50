import type { Stage, StageWorkspace } from './stage.ts';

/** What a fault has to work with. */
export interface FaultScene {
  readonly stage: Stage;
  readonly workspace: StageWorkspace;
  /** Ends the run. */
  readonly signal: AbortSignal;
}

/** Something that is broken. */
export interface Breakage {
  /**
   * Looks on while it is broken; resolves, soon after `signal` says that this ends, with what fell short, in words. What goes on in
   * the meantime beside this is judged anyway.
   */
  readonly watch?: (signal: AbortSignal) => Promise<string[]>;
  /**
   * Mends it; resolves when that is done, whatever the parts then still have to do, with how often something was really done: processes
   * that ended, connections that fell silent, statements that got through. At 0 the fault was not made, and the run says nothing.
   */
  readonly mend: () => Promise<number> | number;
}

export interface Fault {
  readonly name: string;
  /** What is done, for the table. */
  readonly what: string;
  /** How long it lasts. */
  readonly seconds: number;
  /** Breaks something. A rejection says that the fault could not be made. */
  readonly start: (scene: FaultScene) => Promise<Breakage>;
  /** Postgres must be on a small disk of its own, which not every machine lets us have. */
  readonly needsSmallDisk?: boolean;
  /** Nothing else runs beside it. */
  readonly isAlone?: boolean;
  /** Afterwards the stage is of no use for another fault. */
  readonly spoils?: boolean;
}

/** A fault was not really made: its run says nothing about the system. */
export class NotMade extends Error {}
