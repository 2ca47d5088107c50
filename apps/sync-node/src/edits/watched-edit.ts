import type { ArrivedEdit, EditWatch, PathWatch } from '../path/path-watch.ts';
import type { EditResult } from './perform-edit.ts';

/** Carries an edit out and follows it from here to its result, or to what was thrown. */
export async function watchedEdit(
  path: Pick<PathWatch, 'editArrived'>,
  arrived: ArrivedEdit,
  edit: (watch: EditWatch) => Promise<EditResult>,
): Promise<EditResult> {
  const watch = path.editArrived(arrived);
  try {
    const result = await edit(watch);
    watch.ended(result);
    return result;
  } catch (error) {
    watch.ended('failed');
    throw error;
  }
}
