import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useEffectEvent } from 'react';
import { useSync } from '../sync/sync-context.tsx';
import { type CaseSearch, withRecord } from './case-search.ts';

/** The record whose row is to come into view; kept until the list is there. */
let wanted: number | null = null;
const listeners = new Set<() => void>();

/** Leads to a case from anywhere in the workspace: its panel opens, and the list brings its row into view if it has it. */
export function useGoToCase(): (record: number) => void {
  const navigate = useNavigate();
  const { workspace } = useSync();
  return useCallback(
    (record) => {
      wanted = record;
      for (const listener of listeners) listener();
      void navigate({
        to: '/w/$workspace/cases',
        params: { workspace: workspace.id },
        search: (current) => withRecord(current as CaseSearch, record),
      });
    },
    [navigate, workspace.id],
  );
}

/** For the list: brings a row into view when someone is led to its case. */
export function useRevealCase(reveal: (record: number) => void): void {
  const answer = useEffectEvent(() => {
    if (wanted === null) return;
    const record = wanted;
    wanted = null;
    reveal(record);
  });
  useEffect(() => {
    const listener = (): void => answer();
    listeners.add(listener);
    listener();
    return () => {
      listeners.delete(listener);
    };
  }, []);
}
