import type { Messages } from '../catalogue.ts';

export const selection: Messages['selection'] = {
  selectAll: 'Select all cases shown',
  select: 'Select {row}',
  bar: 'Selected cases',
  count: '{count, number} selected',
  hidden: '{count, plural, one {# of them not shown} other {# of them not shown}}',
  markDone: 'Mark as done',
  reopen: 'Reopen',
  choose: { assignee: 'Assign …' },
  clear: 'Clear selection',
  announce: '{count, plural, =0 {Selection cleared} one {# case selected} other {# cases selected}}',
  working: 'being saved …',
  doneTitle: '{count, plural, one {# case done} other {# cases done}}',
  reopenedTitle: '{count, plural, one {# case reopened} other {# cases reopened}}',
  chosenTitle: { assignee: '{count, plural, one {# case: {name}} other {# cases: {name}}}' },
  noneTitle: 'Nothing changed',
  already: '{count, plural, one {# case was} other {# cases were}} so already.',
  refused: '{count, plural, one {# case not} other {# cases not}}: {reason}',
  conflicts: '{count, plural, one {With # case someone was first.} other {With # cases someone was first.}}',
};
