/**
 * Makes a function that uWS may call: an error in it goes to `failed`, with what the function was called with, and no further.
 * uWS calls from native code, so what is thrown there would end the process and with it everybody's connection. `failed` ends the
 * one connection it is about, and must not throw.
 */
export function guarded<Callback extends (...given: never[]) => unknown>(
  run: Callback,
  failed: (error: unknown, ...given: Parameters<Callback>) => void,
): (...given: Parameters<Callback>) => void {
  return (...given) => {
    try {
      run(...given);
    } catch (error) {
      failed(error, ...given);
    }
  };
}

/** A connection, or the answer on its way on one. */
interface Closable {
  close(): unknown;
}

/** What most callbacks of a connection do about an error: it is told, and the connection ends. Never throws. */
export function closing(onError: (error: unknown) => void): (error: unknown, connection: Closable) => void {
  return (error, connection) => {
    onError(error);
    try {
      connection.close();
    } catch (closeError) {
      // uWS lets nobody touch what is over already.
      onError(closeError);
    }
  };
}
