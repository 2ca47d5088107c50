/** What every part of a benchmark is given. */
export interface BenchContext {
  /** Ends everything: the person interrupted, or something broke that should have run on. Its reason is an `Error`. */
  readonly signal: AbortSignal;
  /** Ends the benchmark because of something nobody waits for. */
  readonly fail: (error: Error) => void;
  /** Folder into which each server process writes a V8 CPU profile when it ends; none are written without it. */
  readonly profileFolder: string | undefined;
  /** Says what comes now, on standard error; what breaks is reported with it. */
  readonly step: (text: string, part?: Part) => void;
}

/**
 * Parts of a run. What breaks in the `preparation` says nothing about the system: the run could not be made. What breaks
 * in the `trial`, while the system is under test, is the system's failure.
 */
export type Part = 'preparation' | 'trial';
