import { createEmitter, type ReportError } from '../events/emitter.ts';
import type { ConnectionState } from '../types/connection-state.ts';
import type { Session } from '../types/sync-client.ts';
import type { Unsubscribe } from '../types/unsubscribe.ts';

/** What a client says of itself. Whoever changes something announces it once all of it is changed. */
export interface ClientStatus {
  connection: ConnectionState;
  session: Session | null;
  /** See `SyncClient.currentAt`. */
  readonly currentAt: number | null;
  /** The store was current at that time; an earlier one than is known says nothing. */
  setCurrentAt(at: number): void;
  announce(): void;
  subscribe(listener: (state: ConnectionState) => void): Unsubscribe;
}

/** Makes the status of a client that is stopped. */
export function createClientStatus(report: ReportError): ClientStatus {
  const emitter = createEmitter<ConnectionState>(report);
  let currentAt: number | null = null;
  const status: ClientStatus = {
    connection: { name: 'stopped' },
    session: null,
    get currentAt() {
      return currentAt;
    },
    setCurrentAt(at) {
      currentAt = Math.max(at, currentAt ?? at);
    },
    announce: () => emitter.emit(status.connection),
    subscribe: (listener) => emitter.subscribe(listener),
  };
  return status;
}
