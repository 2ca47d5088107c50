import { useCallback, useSyncExternalStore } from 'react';

/**
 * The text searched for, per workspace. It may be a case id and must not stand in an address, so it is kept in this
 * tab's session storage: it survives a reload and goes with the tab.
 */
const keyOf = (workspace: string): string => `meldesync.search.${workspace}`;

const listeners = new Set<() => void>();

export function useCaseText(workspace: string): readonly [text: string, setText: (text: string) => void] {
  const text = useSyncExternalStore(subscribe, () => sessionStorage.getItem(keyOf(workspace)) ?? '');
  const setText = useCallback(
    (next: string) => {
      sessionStorage.setItem(keyOf(workspace), next);
      for (const listener of listeners) listener();
    },
    [workspace],
  );
  return [text, setText];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
