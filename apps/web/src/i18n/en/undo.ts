import type { Messages } from '../catalogue.ts';

export const undo: Messages['undo'] = {
  action: 'Undo',
  undone: 'Undone',
  redone: 'Redone',
  nothingToUndo: 'There is nothing to undo.',
  nothingToRedo: 'There is nothing to redo.',
  value: '{row}: {field} is “{value}” again',
  valueEmpty: '{row}: {field} is empty again',
  valueYes: '{row}: done again',
  valueNo: '{row}: open again',
  cases: '{count, plural, one {# case} other {# cases}}',
  deleted: 'The case has been deleted meanwhile.',
  otherStep: 'You have changed something else since. Z takes the latest back first.',
  several: '{count, plural, one {# case} other {# cases}}: {fields}',
  blockedTitle: 'Not undone',
  blockedRedoTitle: 'Not redone',
  blocked:
    '{count, plural, one {{name} changed {row} on {date} at {time}.} other {{name} and others have changed # cases since.}} It stays as it is.',
};
