/** The part of a logger that the process itself needs. */
export interface ProcessLogger {
  error(fields: { readonly err?: unknown }, message: string): void;
  /** Is written before the process can end. */
  fatal(fields: { readonly err?: unknown }, message: string): void;
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
    logger.error({ err: asError(reason) }, 'a promise failed that nobody waited for');
  });
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: asError(error) }, 'an exception that nobody caught ends this process');
    onException();
  });
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`something was thrown that is no error: ${typeof thrown}`);
}
