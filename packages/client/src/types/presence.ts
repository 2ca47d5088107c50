import type { PresentPerson } from '@meldesync/protocol';
import type { Unsubscribe } from './unsubscribe.ts';

/** Who is in the workspace. */
export interface PresenceSnapshot {
  readonly people: readonly PresentPerson[];
  /** How many there are, named or not. */
  readonly total: number;
}

/** Who is here, kept current while the connection is live; nobody while there is none. */
export interface PresenceStore {
  /** The same object until it changes. */
  getSnapshot(): PresenceSnapshot;
  subscribe(listener: () => void): Unsubscribe;
}
