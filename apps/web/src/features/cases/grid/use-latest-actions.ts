import { useLayoutEffect, useRef, useState } from 'react';
import type { GridActions } from './grid-row.tsx';

/** The same object for as long as the grid lives, which always calls the latest functions: rows need not be drawn anew. */
export function useLatestActions(actions: GridActions): GridActions {
  const latest = useRef(actions);
  useLayoutEffect(() => {
    latest.current = actions;
  });
  const [stable] = useState<GridActions>(() => ({
    onCellFocus: (...given) => latest.current.onCellFocus(...given),
    onEdit: (...given) => latest.current.onEdit(...given),
    onEditEnd: (...given) => latest.current.onEditEnd(...given),
  }));
  return stable;
}
