import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { useSync } from '../../../sync/sync-context.tsx';
import { createSelection, type Selection } from './selection.ts';

const SelectionContext = createContext<Selection | null>(null);

/** Keeps the selection of the cases page, and keeps it up with the live records. */
export function SelectionProvider({ children }: { children: ReactNode }) {
  const { optimistic } = useSync().client;
  const [selection] = useState(createSelection);
  useEffect(() => selection.follow(optimistic), [optimistic, selection]);
  return <SelectionContext value={selection}>{children}</SelectionContext>;
}

export function useSelection(): Selection {
  const selection = useContext(SelectionContext);
  if (!selection) throw new Error('useSelection is used outside of a SelectionProvider');
  return selection;
}

/** Whether a case is selected, live. */
export function useIsSelected(key: string): boolean {
  const selection = useSelection();
  return useSyncExternalStore(selection.subscribe, () => selection.has(key));
}

/** Grows with each change of the selection: whoever reads it is drawn anew. */
export function useSelectionRevision(): number {
  const selection = useSelection();
  return useSyncExternalStore(selection.subscribe, () => selection.revision);
}
