/** The part of a logger that the process itself needs. */
export interface ProcessLogger {
  /** Those that end the process are written before it can end. */
  event(
    name: 'promise-failed' | 'exception-uncaught' | 'start-failed' | 'stop-failed',
    fields: { readonly err: unknown },
  ): void;
  event(name: 'start-refused', fields: { readonly reason: string }): void;
  event(name: 'stop-overdue', fields: { readonly reason?: never }): void;
  /** Logs everything, or what it logged before. */
  switchDebug(): void;
}

/**
 * Decides what becomes of errors that nobody handles, through the logger, which keeps data out: Node itself would print a
 * failed statement with its parameters.
 *
 * A rejection is logged: a promise that nobody waited for failed, and all else is as it was. An exception cut off whatever
 * was running, so the state of the process is unknown: it is logged, and `onException` ends the process in order.
 */
export function watchUnhandledErrors(logger: ProcessLogger, onException: () => void): void {
  process.on('unhandledRejection', (reason) => {
    logger.event('promise-failed', { err: asError(reason) });
  });
  process.on('uncaughtException', (error) => {
    logger.event('exception-uncaught', { err: asError(error) });
    onException();
  });
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`something was thrown that is no error: ${typeof thrown}`);
}
