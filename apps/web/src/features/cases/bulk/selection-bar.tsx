import type { CaseRow } from '@meldesync/client';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ACTIVE_CELL_ID } from '../../../ui/landmarks.ts';
import { useSelection, useSelectionRevision } from '../selection/selection-context.tsx';

const BulkBar = lazy(async () => ({ default: (await import('./bulk-bar.tsx')).BulkBar }));

/** A selection is read out once it rests this long. */
const REST_MS = 500;

interface SelectionBarProps {
  /** Reads the rows that are shown, in view or not, as they are now. */
  readonly readShown: () => readonly CaseRow[];
}

/** The bar of the selection, as long as there is one, and its size for a screen reader. */
export function SelectionBar({ readShown }: SelectionBarProps) {
  const selection = useSelection();
  useSelectionRevision();
  const { size } = selection;
  const isShown = size > 0;
  useEffect(() => {
    if (!isShown) return undefined;
    return () => {
      // The focus may have gone with the bar.
      if (document.activeElement === document.body) document.getElementById(ACTIVE_CELL_ID)?.focus();
    };
  }, [isShown]);
  return (
    <>
      <Announcer size={size} />
      {isShown ? (
        <Suspense>
          <BulkBar readShown={readShown} />
        </Suspense>
      ) : null}
    </>
  );
}

function Announcer({ size }: { size: number }) {
  const t = useTranslations('selection');
  const [said, setSaid] = useState<number | null>(null);
  useEffect(() => {
    if (size === 0 && said === null) return undefined;
    const timer = setTimeout(() => setSaid(size), REST_MS);
    return () => clearTimeout(timer);
  }, [said, size]);
  return (
    <div aria-live="polite" className="visually-hidden">
      {said === null ? null : t('announce', { count: said })}
    </div>
  );
}
