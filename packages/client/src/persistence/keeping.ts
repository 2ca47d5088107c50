import type { Keeping, Kept } from '../types/keeping.ts';

/** Where it stands with what is kept. */
export interface KeepingState {
  readonly state: Keeping;
  set(part: keyof Keeping, kept: Kept): void;
}

/** Makes the state of a client that keeps everything, or nothing at all; `onChange` is called when it has changed. */
export function createKeepingState(kept: 'kept' | 'none', onChange: () => void): KeepingState {
  let state: Keeping = { edits: kept, copy: kept };
  return {
    get state() {
      return state;
    },
    set(part, next) {
      if (state[part] === next) return;
      state = { ...state, [part]: next };
      onChange();
    },
  };
}

/** What an error of a store says: browsers name the one that tells of no room, in whichever class. */
export function keptAfter(error: unknown): Kept {
  return error instanceof Error && error.name === 'QuotaExceededError' ? 'full' : 'failed';
}
