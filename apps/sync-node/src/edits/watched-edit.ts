import { keepSpanOf, parseTraceparent } from '@meldesync/telemetry';
import type { ArrivedEdit, EditWatch, PathWatch } from '../path/path-watch.ts';
import type { EditResult } from './perform-edit.ts';

/** Carries an edit out and follows it from here to its result, or to what was thrown; `isFault`: whether that is the service's own failure. */
export async function watchedEdit(
  path: Pick<PathWatch, 'editArrived'>,
  arrived: ArrivedEdit,
  edit: (watch: EditWatch) => Promise<EditResult>,
  isFault: (error: unknown) => boolean,
): Promise<EditResult> {
  const watch = path.editArrived(arrived);
  try {
    const result = await edit(watch);
    watch.ended(result);
    return result;
  } catch (error) {
    watch.ended({ failed: true, isFault: isFault(error) });
    // It is logged by who answers.
    const span = parseTraceparent(watch.traceparent);
    if (span) keepSpanOf(error, span);
    throw error;
  }
}
