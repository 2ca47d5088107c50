/**
 * A failure that the person at the terminal can act on: its message says what is wrong and what to do,
 * so it is shown without a stack trace.
 */
export class Failure extends Error {
  /** @override */
  name = 'Failure';
}

/**
 * The text to show for anything that was thrown.
 * @param {unknown} error
 * @returns {string}
 */
export function describeError(error) {
  if (error instanceof Failure) return error.message;
  if (error instanceof Error) return error.stack ?? error.message;
  return String(error);
}
