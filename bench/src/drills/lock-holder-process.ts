import type { HeldLock, SyncClient } from '@meldesync/client';
import { allLive, openClient } from '../clients/open-client.ts';
import { serveCalls } from '../processes/remote.ts';

/** Clients that each hold a lock on one record: the real client library, in a process that can be killed. */
export interface HoldOrder {
  readonly url: string;
  readonly token: string;
  readonly workspace: string;
  readonly records: readonly number[];
}

const PATIENCE_MS = 15_000;

const held: { readonly client: SyncClient; readonly lock: HeldLock; isLost: boolean }[] = [];

const handlers = {
  /** Resolves when every record is locked, each by a client of its own. */
  hold: async ({ url, token, workspace, records }: HoldOrder): Promise<void> => {
    for (const record of records) {
      // Losing the connection is what the drill is for.
      const client = openClient({ url, token, workspace, onError: () => undefined });
      await allLive([client], PATIENCE_MS);
      const answer = await client.lock([record]);
      if (answer.outcome !== 'granted') throw new Error('a record is locked already');
      const holder = { client, lock: answer.lock, isLost: false };
      answer.lock.onLost(() => {
        holder.isLost = true;
      });
      held.push(holder);
    }
  },

  /** How many of the locks the clients still hold, as far as they know, over a live connection. */
  holding: async (_order: null): Promise<number> =>
    held.filter(({ client, isLost }) => client.connection.name === 'live' && !isLost).length,
};
export type LockHolderProcess = typeof handlers;

serveCalls(handlers);
