import type { ClientEnvironment } from '../src/types/environment.ts';

/** A place to run in that a test turns. */
export interface TestEnvironment extends ClientEnvironment {
  set(change: { readonly isOnline?: boolean; readonly isVisible?: boolean }): void;
}

/** Online, with somebody looking. */
export function createTestEnvironment(): TestEnvironment {
  let isOnline = true;
  let isVisible = true;
  const listeners = new Set<() => void>();
  return {
    isOnline: () => isOnline,
    isVisible: () => isVisible,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set(change) {
      isOnline = change.isOnline ?? isOnline;
      isVisible = change.isVisible ?? isVisible;
      for (const listener of listeners) listener();
    },
  };
}
