import type { CaseRow } from '@meldesync/client';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import box from '../../../ui/check-box.module.css';
import type { Selection } from './selection.ts';
import { useSelection, useSelectionRevision } from './selection-context.tsx';

interface SelectAllProps {
  /** Reads the rows that are shown, in view or not, as they are now; another function once others are shown. */
  readonly readShown: () => readonly CaseRow[];
}

/** Selects all rows of the list, or lets go of them; half checked while some are. */
export function SelectAll({ readShown }: SelectAllProps) {
  const t = useTranslations('selection');
  const selection = useSelection();
  const revision = useSelectionRevision();
  const state = useMemo(
    () => (revision === 0 || selection.size === 0 ? 'none' : stateOf(readShown(), selection)),
    [revision, readShown, selection],
  );
  return (
    <input
      type="checkbox"
      className={box.box}
      aria-label={t('selectAll')}
      checked={state === 'all'}
      ref={(input) => {
        if (input) input.indeterminate = state === 'some';
      }}
      onChange={() => {
        const rows = readShown();
        selection.setAll(rows, stateOf(rows, selection) !== 'all');
      }}
    />
  );
}

function stateOf(rows: readonly CaseRow[], selection: Selection): 'all' | 'some' | 'none' {
  const count = rows.filter(({ key }) => selection.has(key)).length;
  if (count === 0) return 'none';
  return count === rows.length ? 'all' : 'some';
}
