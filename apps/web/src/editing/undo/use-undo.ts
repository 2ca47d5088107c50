import type { UndoObstacle, UndoResult } from '@meldesync/client';
import { useCallback } from 'react';
import { errorCodeOf } from '../../api/api.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { reportOf } from '../edit-report.ts';
import { useSettleConflicts } from '../outcome/use-settle-conflicts.ts';
import { useTellRefused } from '../outcome/use-tell-refused.ts';
import { useTellUndo } from './use-tell-undo.tsx';

type Direction = 'undo' | 'redo';

/** `step`: only when it is the one that comes next. */
type UndoAction = (direction: Direction, step?: string) => void;

/**
 * Takes back what this tab did last, or does it again, and says what that was. What a colleague changed since stays: the
 * message names them. An action that went as several edits is taken back as a whole.
 */
export function useUndo(): UndoAction {
  const { undo: history, conflicts } = useSync();
  const tell = useTellUndo();
  const tellRefused = useTellRefused();
  const settle = useSettleConflicts();
  const run = useCallback(
    async (direction: Direction) => {
      const edits: (UndoResult & { outcome: 'sent' })['edits'][number][] = [];
      let obstacles: readonly UndoObstacle[] = [];
      let isMore = true;
      while (isMore) {
        const label = labelOf(direction);
        const result = await history[direction]();
        if (result.outcome === 'sent') edits.push(...result.edits);
        if (result.outcome === 'blocked') obstacles = result.obstacles;
        const isWhole =
          result.outcome === 'sent' && result.edits.every(({ outcome }) => outcome.outcome === 'accepted');
        isMore = isWhole && label !== null && labelOf(direction) === label;
      }
      const report = reportOf(edits);
      conflicts.add(report.conflicts);
      settle(report.same, 'kept-theirs');
      tellRefused(report.refused);
      tell(direction, report.accepted, obstacles);

      function labelOf(which: Direction): string | null {
        return which === 'undo' ? history.undoLabel : history.redoLabel;
      }
    },
    [conflicts, history, settle, tell, tellRefused],
  );
  return useCallback(
    (direction, step) => {
      if (step !== undefined && history.undoLabel !== step) tell(direction, [], [], 'other-step');
      else run(direction).catch((error: unknown) => tell(direction, [], [], errorCodeOf(error)));
    },
    [history, run, tell],
  );
}
