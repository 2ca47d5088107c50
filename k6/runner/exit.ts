/** How a run ends; the numbers are those of k6. */
export const EXIT = {
  held: 0,
  failed: 1,
  thresholdsMissed: 99,
  setupTimeout: 100,
  teardownTimeout: 101,
  invalidConfiguration: 104,
  interrupted: 105,
  scriptException: 107,
  scriptAborted: 108,
  markedAsFailed: 110,
} as const;

/** Ends a run with a line that says what is wrong, and an exit code of k6's. */
export class RunError extends Error {
  override name = 'RunError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What was asked for cannot be run as it is written. */
export class ConfigurationError extends RunError {
  override name = 'ConfigurationError';

  constructor(message: string) {
    super(message, EXIT.invalidConfiguration);
  }
}
