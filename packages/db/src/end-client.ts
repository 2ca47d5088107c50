import { AWAKE_TIMERS, withTimeout } from '@meldesync/lifecycle';
import type pg from 'pg';

/** How long a server may take to hear that a connection ends. */
const FAREWELL_MS = 1_000;

/**
 * Breaks a connection off without asking its server, which may be silent: what is under way on it fails at once. pg has no
 * method for it that does not wait for an answer.
 */
export function breakOff(client: pg.ClientBase): void {
  const { connection } = client as pg.ClientBase & {
    readonly connection?: { readonly stream?: { readonly destroy: () => void } };
  };
  connection?.stream?.destroy();
}

/** Ends a connection, without waiting for a server that is silent. */
export async function endClient(client: pg.Client): Promise<void> {
  await withTimeout(client.end(), FAREWELL_MS, () => breakOff(client), AWAKE_TIMERS);
}
