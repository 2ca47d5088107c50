import { createSyncClient, type SyncClient } from '@meldesync/client';
import { waitUntil } from '../poll.ts';
import { tokenAccess } from '../systems/access.ts';

export interface ClientOrder {
  /** Origin of a node. */
  readonly url: string;
  readonly token: string;
  readonly workspace: string;
  /** What has no caller; thrown unless given. */
  readonly onError?: (error: Error) => void;
}

/** Starts a client as a browser runs it: the client library with a store, a socket and a snapshot of its own. */
export function openClient({ url, token, workspace, onError }: ClientOrder): SyncClient {
  const client = createSyncClient({
    ...tokenAccess(url, token),
    workspace,
    client: { kind: 'web', version: 'bench' },
    onError:
      onError ??
      ((error) => {
        throw error;
      }),
  });
  client.start();
  return client;
}

/**
 * Resolves when all of the clients are live.
 * @throws when they are not within the time
 */
export async function allLive(clients: readonly SyncClient[], patienceMs?: number): Promise<void> {
  const live = await waitUntil(() => clients.every(({ connection }) => connection.name === 'live'), patienceMs);
  if (!live) throw new Error('not every client could connect');
}
