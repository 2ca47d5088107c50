import type { CaseRow } from '@meldesync/client';
import { useTranslations } from 'use-intl';
import { useRowName } from '../../../editing/use-row-name.ts';
import box from '../../../ui/check-box.module.css';
import { useIsSelected } from '../selection/selection-context.tsx';

/** Shows whether the case is selected. The grid hears of clicks on the cell, because a range needs the rows between. */
export function SelectCell({ row }: { row: CaseRow }) {
  const t = useTranslations('selection');
  const rowName = useRowName();
  const isSelected = useIsSelected(row.key);
  return (
    <input
      type="checkbox"
      className={box.box}
      tabIndex={-1}
      aria-label={t('select', { row: rowName(row) })}
      checked={isSelected}
      readOnly
    />
  );
}
