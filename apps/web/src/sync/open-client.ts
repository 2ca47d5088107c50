import { createSyncClient, type SyncClient } from '@meldesync/client';
import { version } from '../../package.json';

/** A client of one workspace that speaks with the service this page came from, under the browser's sign-in. */
export function openClient(workspace: string): SyncClient {
  return createSyncClient({
    baseUrl: location.origin,
    workspace,
    client: { kind: 'web', version },
    fetch: (...request) => fetch(...request),
    openSocket: (url, subprotocol) => new WebSocket(url, subprotocol),
    onError: (error) => console.warn(`Sync: ${error.name}: ${error.message}`),
  });
}
