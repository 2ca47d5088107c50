import { toSyncError } from '../errors/sync-error.ts';
import { createEmitter, type ReportError } from '../events/emitter.ts';
import type { EditIntent, ResumedEdit, SettledEdit } from '../types/edits.ts';
import type { Unsubscribe } from '../types/unsubscribe.ts';

/** Tells what became of edits that nobody awaits. */
export interface ResumedEdits {
  /** See `SyncClient.onResumed`. */
  subscribe(listener: (edit: ResumedEdit) => void): Unsubscribe;
  /** Resolves with true once somebody was told what became of the edit; with false if it is not `wanted` any more. */
  follow(
    edit: { readonly intents: readonly EditIntent[]; readonly settled: Promise<SettledEdit[]> },
    isWanted: () => boolean,
  ): Promise<boolean>;
}

/** Makes it without edits and listeners. `report` hears of listeners that throw. */
export function createResumedEdits(report: ReportError): ResumedEdits {
  const emitter = createEmitter<ResumedEdit>(report);
  let listeners = 0;
  /** Those that are settled while nobody listens. */
  const untold: (() => void)[] = [];

  const tell = (edit: ResumedEdit): Promise<void> =>
    new Promise((resolve) => {
      const told = (): void => {
        emitter.emit(edit);
        resolve();
      };
      if (listeners > 0) told();
      else untold.push(told);
    });

  return {
    subscribe(listener) {
      const unsubscribe = emitter.subscribe(listener);
      listeners += 1;
      for (const told of untold.splice(0)) told();
      let isListening = true;
      return () => {
        unsubscribe();
        if (isListening) listeners -= 1;
        isListening = false;
      };
    },
    async follow({ intents, settled }, isWanted) {
      let result: ResumedEdit;
      try {
        result = { outcome: 'settled', edits: await settled };
      } catch (error) {
        result = { outcome: 'refused', intents, code: toSyncError(error).code };
      }
      if (!isWanted()) return false;
      await tell(result);
      return true;
    },
  };
}
