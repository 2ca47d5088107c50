import type { ConnectionState, HeldLock, SyncClient } from '@meldesync/client';
import { withTimeout } from '@meldesync/lifecycle';
import type { EndedLock } from '@meldesync/protocol';
import { finalError, onAbort } from '../session/live-records.ts';
import type { RunningCommand } from './run-command.ts';

/** How the holding of a lock came to its end. */
export type HoldEnd =
  /** The person ended it. */
  | { readonly name: 'stopped' }
  /** Its time was over. */
  | { readonly name: 'elapsed' }
  /** The command ended. */
  | { readonly name: 'exited'; readonly exitCode: number }
  /** It is gone, though it was not given back. */
  | { readonly name: 'lost'; readonly end: EndedLock }
  /** The server no longer wants this client. */
  | { readonly name: 'refused'; readonly error: Error };

/** What ends the holding of a lock, besides its loss. */
export interface HoldUntil {
  /** Origin, for the sentence of an error. */
  readonly server: string;
  readonly signal: AbortSignal;
  /** How long to hold it; undefined has no end. */
  readonly forMs: number | undefined;
  /** Hold it while this runs; the signal is then the command's to heed. */
  readonly command: RunningCommand | undefined;
}

/** A lock that cannot be given back for want of a connection ends by itself (R2.3). */
const RELEASE_PATIENCE_MS = 3_000;

/** Resolves with what ended the holding of a lock. Rejects when the command could not be run. */
export async function holdUntil(
  client: Pick<SyncClient, 'connection' | 'onConnection'>,
  held: HeldLock,
  until: HoldUntil,
): Promise<HoldEnd> {
  const { signal, forMs, command, server } = until;
  const ending = new AbortController();
  try {
    return await new Promise<HoldEnd>((resolve, reject) => {
      const look = (state: ConnectionState) => {
        const error = finalError(state, server);
        if (error !== undefined) resolve({ name: 'refused', error });
      };
      const unsubscribe = [
        held.onLost((end) => {
          // A client that is refused loses its locks with that, and why it was refused says more.
          look(client.connection);
          resolve({ name: 'lost', end });
        }),
        client.onConnection(look),
      ];
      const timer = forMs === undefined ? undefined : setTimeout(() => resolve({ name: 'elapsed' }), forMs);
      onAbort(ending.signal, () => {
        clearTimeout(timer);
        for (const end of unsubscribe) end();
      });
      if (command === undefined) onAbort(signal, () => resolve({ name: 'stopped' }), ending.signal);
      else command.ended.then((exitCode) => resolve({ name: 'exited', exitCode }), reject);
    });
  } finally {
    ending.abort();
  }
}

/** Gives a lock back, without waiting for long. */
export async function releaseLock(held: HeldLock): Promise<void> {
  await withTimeout(held.release(), RELEASE_PATIENCE_MS, () => undefined);
}
