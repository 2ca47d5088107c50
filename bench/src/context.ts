/** What every part of a benchmark is given. */
export interface BenchContext {
  /** Ends everything: the person interrupted, or something broke that should have run on. Its reason is an `Error`. */
  readonly signal: AbortSignal;
  /** Ends the benchmark because of something nobody waits for. */
  readonly fail: (error: Error) => void;
  /** Folder into which each server process writes a V8 CPU profile when it ends; none are written without it. */
  readonly profileFolder: string | undefined;
}
