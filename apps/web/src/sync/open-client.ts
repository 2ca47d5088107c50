import { createSyncClient, type SyncClient } from '@meldesync/client';
import { version } from '../../package.json';
import { canKeep } from '../device/keyring.ts';
import { learnServerTime } from '../time/page-time.ts';
import { browserEnvironment } from './browser-environment.ts';
import { createBrowserPersistence } from './persistence/browser-persistence.ts';

/** A client of one workspace that speaks with the service this page came from, under the browser's sign-in, which is that of `user`. */
export function openClient(workspace: string, user: string): SyncClient {
  return createSyncClient({
    baseUrl: location.origin,
    workspace,
    client: { kind: 'web', version },
    fetch: (...request) => fetch(...request),
    openSocket: (url, subprotocol) => new WebSocket(url, subprotocol),
    environment: browserEnvironment,
    ...(canKeep() ? { persistence: createBrowserPersistence({ user, workspace }) } : {}),
    onServerTime: learnServerTime,
    onError: (error) => console.warn(`Sync: ${error.name}: ${error.message}`),
  });
}
