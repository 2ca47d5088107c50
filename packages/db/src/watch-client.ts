import type pg from 'pg';

/** Hears that a connection broke. Whatever was under way on it fails by itself. */
export type OnConnectionError = (error: Error) => void;

/**
 * Listens for the end of a connection for as long as it exists: an `error` event that nobody hears ends the process, and
 * the server may end a connection between any two statements. Only the first is told; what follows is of the same end.
 */
export function watchClient<Client extends pg.ClientBase>(
  client: Client,
  onConnectionError: OnConnectionError,
): Client {
  let isBroken = false;
  client.on('error', (error) => {
    if (isBroken) return;
    isBroken = true;
    onConnectionError(error);
  });
  return client;
}
