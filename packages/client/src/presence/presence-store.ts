import type { Presence } from '@meldesync/protocol';
import { createEmitter, type ReportError } from '../events/emitter.ts';
import type { PresenceSnapshot, PresenceStore } from '../types/presence.ts';

/** The presence store as the connection sees it. */
export interface WritablePresenceStore extends PresenceStore {
  receive(message: Presence): void;
  /** Nothing is known any more: the connection is gone. */
  clear(): void;
}

const NOBODY: PresenceSnapshot = { people: [], total: 0 };

/** Makes an empty store. `report` hears of listeners that throw. */
export function createPresenceStore(report: ReportError): WritablePresenceStore {
  let snapshot = NOBODY;
  const emitter = createEmitter<void>(report);
  const become = (next: PresenceSnapshot): void => {
    if (next === snapshot) return;
    snapshot = next;
    emitter.emit();
  };
  return {
    getSnapshot: () => snapshot,
    subscribe: (listener) => emitter.subscribe(listener),
    receive: ({ people, total }) => become({ people, total }),
    clear: () => become(NOBODY),
  };
}
