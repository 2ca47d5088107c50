import type { Messages } from '../catalogue.ts';

export const presence: Messages['presence'] = {
  alsoHere: 'Also here: {names}',
  alsoHereMore: 'Also here: {names} and {count, plural, one {# more person} other {# more people}}',
  listLabel: 'Who is here',
  opened: 'Also opened by {names}',
  noCase: 'no case open',
  editing: 'editing',
  go: 'Go to case',
  more: '{count, plural, one {and # more person} other {and # more people}}',
  alone: 'Nobody else is here right now.',
  kinds: { cli: 'command line', api: 'interface' },
};
