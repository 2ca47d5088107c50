import type { CaseRow } from '@meldesync/client';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import box from './cells/check-box.module.css';
import { useSelection, useSelectionRevision } from './selection-context.tsx';

/** Selects all rows of the list, or lets go of them; half checked while some are. */
export function SelectAll({ rows }: { rows: readonly CaseRow[] }) {
  const t = useTranslations('selection');
  const selection = useSelection();
  const revision = useSelectionRevision();
  const count = useMemo(
    () => (revision === 0 || selection.size === 0 ? 0 : rows.filter(({ key }) => selection.has(key)).length),
    [revision, rows, selection],
  );
  const isAll = count > 0 && count === rows.length;
  return (
    <input
      type="checkbox"
      className={box.box}
      aria-label={t('selectAll')}
      checked={isAll}
      ref={(input) => {
        if (input) input.indeterminate = count > 0 && !isAll;
      }}
      onChange={() => selection.setAll(rows, !isAll)}
    />
  );
}
