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

/** What became of the holders of locks, after their connections were cut. */
export interface Holding {
  /** Live again within the time that a lock waits for its holder. */
  readonly backInTime: number;
  /** Of those, how many still hold their lock, as far as they know. */
  readonly kept: number;
}

interface Holder {
  readonly client: SyncClient;
  readonly lock: HeldLock;
  isLost: boolean;
  /** When the connection broke first, and when it was live again, by `performance.now()`. */
  brokeAtMs: number | undefined;
  backAtMs: number | undefined;
}

const held: Holder[] = [];

const handlers = {
  /** Resolves when every record is locked, each by a client of its own. */
  hold: async ({ url, token, workspace, records }: HoldOrder): Promise<void> => {
    for (const record of records) {
      // Losing the connection is what the drill is for.
      const client = openClient({ url, token, workspace, onError: () => undefined });
      await allLive([client]);
      const answer = await client.lock([record]);
      if (answer.outcome !== 'granted') throw new Error('a record is locked already');
      const holder: Holder = { client, lock: answer.lock, isLost: false, brokeAtMs: undefined, backAtMs: undefined };
      answer.lock.onLost(() => {
        holder.isLost = true;
      });
      client.onConnection(({ name }) => {
        if (name === 'reconnecting') holder.brokeAtMs ??= performance.now();
        if (name === 'live' && holder.brokeAtMs !== undefined) holder.backAtMs ??= performance.now();
      });
      held.push(holder);
    }
  },

  /** Resolves when every client is live again. */
  holding: async ({ withinMs }: { withinMs: number }): Promise<Holding> => {
    await allLive(held.map(({ client }) => client));
    const inTime = held.filter(
      ({ brokeAtMs, backAtMs }) => brokeAtMs !== undefined && backAtMs !== undefined && backAtMs - brokeAtMs < withinMs,
    );
    return { backInTime: inTime.length, kept: inTime.filter(({ isLost }) => !isLost).length };
  },
};
export type LockHolderProcess = typeof handlers;

serveCalls(handlers);
